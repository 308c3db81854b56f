"""Doubt: chapters run where their claims must not hold, to see which claims can fail.

A claim is one `run.expect` as it is carried out. A *spoiler* (`spoilers`) takes the learning out of
a chapter's run without a change of its notebook; where nothing is learned, or nothing can be, a
claim about learning must turn out false. What is arithmetic is tagged ``exact`` and is tried by
`changes` of the code that it stands on (`behind`). A `worker` runs one chapter one way on a
`stage`, `runner` all of them, `verdicts` says which claims were seen to fail, and `page` and `seen`
show it.
"""

CHANGES = "changes"
