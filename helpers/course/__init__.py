"""The course as a whole: run the chapters, report on them, check them. No notebook imports this."""
