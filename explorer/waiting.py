"""How the threads that share a computation wait for each other."""

import os


def wait_asleep() -> None:
    """Let them sleep instead of spinning; to be called by a program before anything imports torch.

    OpenMP's threads look out for their next piece of work in a loop that takes a whole core. Where others
    want that core, the thread that is waited for does not get it: beside other work a pass of AlexNet at
    256 x 256 took 50 to 70 ms in the place of 190 to 420. What the user says in the environment goes before
    it.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
