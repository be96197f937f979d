"""Pictures made by a metric's gradient: what a metric ignores, what turns its verdict, what a layer keeps.

A `Process` is what is optimised; it holds no state: a `Point` goes in, the next one comes out, and `run` goes
on from any of them. What is told of a made picture is always measured on its 8-bit pixels, by the exact path.
"""
