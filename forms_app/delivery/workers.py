"""Several workers side by side in one process: one for each lane, and what tidies up."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Protocol

_LOOK_UP_SECONDS = 0.5


class Works(Protocol):
    """Something that works until it is told to stop."""

    def stop(self) -> None:
        """As Worker.stop."""

    def run(self) -> None:
        """As Worker.run."""

    def run_once(self) -> None:
        """As Worker.run_once."""


class Workers:
    """Works in every lane at once; what stops one of them for good stops all."""

    def __init__(self, workers: Sequence[Works]) -> None:
        self._workers = tuple(workers)

    def stop(self) -> None:
        """As Worker.stop, for all of them."""
        for worker in self._workers:
            worker.stop()

    def run(self) -> None:
        """Deliver whatever becomes due until stop() is called."""
        self._side_by_side(lambda worker: worker.run())

    def run_once(self) -> None:
        """Deliver until nothing is due in any lane; raises what the database raises."""
        self._side_by_side(lambda worker: worker.run_once())

    def _side_by_side(self, work: Callable[[Works], None]) -> None:
        with ThreadPoolExecutor(len(self._workers), thread_name_prefix="lane") as pool:
            running = [pool.submit(self._until_it_ends, work, worker) for worker in self._workers]
            # Never waited for without an end: a signal that comes just before the main thread lies down would be
            # handled when the next one wakes it.
            while wait(running, timeout=_LOOK_UP_SECONDS).not_done:
                pass
        for one in running:
            one.result()

    def _until_it_ends(self, work: Callable[[Works], None], worker: Works) -> None:
        try:
            work(worker)
        except BaseException:
            self.stop()
            raise
