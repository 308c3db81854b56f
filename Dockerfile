# The tested versions, ready to run: docker build -t course . && docker run --rm -p 8888:8888 course
FROM python:3.13-slim-bookworm AS tools

# Graphviz draws models; OpenCV's wheel needs the two libraries; make runs the course's commands.
# Debian keeps only the newest patch of a version, so a pin here would break the build.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git graphviz libgl1 libglib2.0-0 make \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 student
USER 1000
WORKDIR /home/student/course

FROM tools AS course
# Packages first: this layer stays while only the lessons change.
COPY --chown=1000 pyproject.toml constraints.txt README.md LICENSE Makefile ./
COPY --chown=1000 helpers/__init__.py helpers/
COPY --chown=1000 helpers/course/environment.py helpers/course/
RUN make setup && .venv/bin/python -m pip cache purge
COPY --chown=1000 . .

EXPOSE 8888
CMD [".venv/bin/python", "-m", "jupyter", "lab", "--ip=0.0.0.0", "--no-browser", "--notebook-dir=notebooks", "--LabApp.default_url=/lab/tree/index.ipynb"]
