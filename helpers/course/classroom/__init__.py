"""The class: notebooks to hand out, and submissions to grade, in nbgrader's format.

What a submission can do
------------------------
A notebook is a program by somebody else, and it may be after marks, or after harm, or broken. Its
code can read and replace everything in its own process: IPython, the libraries, built-in functions,
the way errors are shown, what is sent to the grader. It can end its process, start others, outlive
its cell, take all memory, disk and time, print without end, and write and read wherever its user
may: other submissions, the grades, the chapters with their solutions, the grader's own files.

What is done about it
---------------------
- **Marks are made by the grader's process** (`autograde`, `grade`) in memory. The tests come from
  the chapter that the grader holds, the maximum of points too; nothing that a submission writes is
  read back. A test counts as passed if the kernel says so with a code that is computed from a key
  and a number of this one test, and as failed if there is no answer.
- **A test does not pass through what the student can replace** (`seal`, `kernel`). It is compiled
  by the grader and sent encrypted, past IPython. Before it begins, functions and classes of the
  libraries, built-in ones, and the lesson's functions that it calls are put back; it looks them up
  in a table of its own; a value that answers comparisons itself (``__eq__``) fails it; while it
  runs the student's functions may neither trace nor read frames and code (Python's audit hooks),
  and something replaced meanwhile fails it.
- **A submission has its own folder and little else** (`confine`): a fresh folder as its home, an
  environment without the grader's variables, limits of memory, size of files and processes; a
  watcher that ends it when it takes more; every process that it leaves behind is found and killed.
  On Linux, Landlock shows it the libraries and its folder, no TCP and no process outside; where
  root grades, as in the container, each submission is a user of its own.
- **The grading machine is tried first**: a chapter's own solutions must get all points, or nothing
  is graded.
- **What cannot be stopped is noticed** (`notice`): code that no exercise needs is named beside the
  marks, and costs nothing by itself.

What remains
------------
Tests and solutions share a process, because most exercises of this course return networks, not
numbers. Who digs the key or the test's table out of the interpreter (another way to its frames, raw
memory by ``ctypes``), or answers inside a class of its own what a network is asked, can still
pass; so can who copies another's solution. A hidden test's values can be seen by the function that
is tested. Without Landlock (macOS, Windows, old kernels) files are not kept apart, processes are
ended but not limited on Windows, and a submission could end the grader itself; `confine.means`
says so before each grading.
"""
