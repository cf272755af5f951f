"""The workers as the engine sees them: ask who is there, train on one, call a function on the free one."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import CancelledError as TaskCancelled  # of the task; asyncio's own is of the caller
from contextlib import asynccontextmanager, suppress
from typing import Any

from distributed import Client, Future, KilledWorker, Security

from resnet.i18n import N_
from resnet.runs.engine import external, worker
from resnet.runs.engine.local import LocalCluster
from resnet.runs.engine.worker import End
from resnet.runs.errors import EngineError
from resnet.specs import NetSpec, Recipe

WORKER_LOST = N_("The worker process was lost; the run can be started again.")
CALL_LOST = N_("The worker process was lost; try again.")
CLUSTER_LOST = N_("The connection to the workers was lost; restart the app.")
GOODBYE = 0.5  # seconds to take leave of a scheduler, which may be gone
IDLE = 5.0  # seconds without a call before a worker that keeps much memory is replaced
TAKEN_WITHIN = 10.0  # seconds for a checkpoint on its way; the next one will do as well
GONE_FOR = 2.0  # seconds after which a worker that is no longer listed counts as lost

_log = logging.getLogger(__name__)


class Cluster:
    """All methods belong to the event loop in which it was opened."""

    def __init__(self, client: Client, job: str, local: LocalCluster | None) -> None:
        self.client = client
        self.job = job
        self.local = local
        self._number = 0  # of calls
        self._calls = 0  # that a worker computes, or will
        self._renewed = asyncio.Event()  # not set while the worker for calls is replaced
        self._renewed.set()
        self._renewing: asyncio.Task[None] | None = None  # a loop holds its tasks only weakly

    @property
    def lost(self) -> bool:
        return bool(self.client.status != "running")

    @property
    def lost_reason(self) -> str:
        """The sentence for it."""
        return CLUSTER_LOST if self.local else external.LOST

    async def workers(self, resource: str) -> list[str]:
        """Addresses of the workers that are there now and offer `resource` ("train" or "call")."""
        try:
            known = await self.client.scheduler.identity(n_workers=-1)
        except (OSError, AttributeError) as error:  # AttributeError: closed in the meantime
            raise EngineError(self.lost_reason) from error
        return [address for address, seen in known["workers"].items() if seen["resources"].get(resource)]

    async def resize(self, training_workers: int) -> None:
        """Only a cluster of our own changes its size."""
        if self.local is not None:
            await self.local.resize(training_workers)

    async def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """The value of a module's function, computed by the worker that is kept free for this."""
        await self._renewed.wait()
        self._number += 1
        # priority: calls of the same tenth of a second would be computed in any order
        options = {"resources": {"call": 1}, "priority": -self._number, "pure": False, "retries": 0}
        self._calls += 1
        try:
            value, error, heavy = await self._result(self.client.submit(worker.guarded, function, args, **options))
        finally:
            self._calls -= 1
        if heavy and self.local and not self._calls:
            self._renewing = asyncio.ensure_future(self._renew())
        if isinstance(error, Exception):
            raise error
        if error is not None:
            raise EngineError(error)
        return value

    async def _renew(self) -> None:
        """Another process in place of the one that computes calls; it needs some seconds, so only when nobody asks."""
        asked = self._number
        await asyncio.sleep(IDLE)
        if self._calls or self._number != asked:
            return  # the next answer says whether it is still due
        self._renewed.clear()
        try:
            for address in await self.workers("call"):
                await self._replace(address, "call")
        except EngineError as error:  # lost in the meantime, as others will say
            _log.info("%s", error)
        finally:
            self._renewed.set()

    async def train(
        self, address: str, run_id: str, net: NetSpec, recipe: Recipe, topic: str, checkpoint: bytes
    ) -> End:
        """Train one run on the worker at `address`, from a checkpoint on; a lost worker is an end like any other."""
        where = {"workers": [address], "allow_other_workers": False, "resources": {"train": 1}}
        arguments = (self.job, run_id, net, recipe, topic, checkpoint)
        training = asyncio.ensure_future(
            self._result(self.client.submit(worker.train, *arguments, pure=False, retries=0, **where))
        )
        missing = asyncio.ensure_future(self._gone(address))
        try:
            await asyncio.wait([training, missing], return_when=asyncio.FIRST_COMPLETED)
            end: End = training.result() if training.done() else End("failed", missing.result())
            if end.broken:
                await self._replace(address)
            return end
        except EngineError:
            return End("failed", external.RUN_LOST if self.lost else WORKER_LOST)
        except Exception as error:  # what was sent could not be read over there
            return worker.failed(error)
        finally:
            training.cancel()
            missing.cancel()

    async def request_stop(self, address: str, run_id: str) -> None:
        """Ask the run on `address` to stop; a worker that has just gone has stopped too."""
        with suppress(OSError, ValueError, KeyError):
            await self.client.run(worker.request_stop, self.job, run_id, workers=[address], on_error="ignore")

    async def take_checkpoint(self, address: str, run_id: str) -> dict[str, Any] | None:
        """What the worker has made for that run; None from one that is gone."""
        with suppress(OSError, ValueError, KeyError, TimeoutError):
            async with asyncio.timeout(TAKEN_WITHIN):
                asked = self.client.run(worker.take_checkpoint, self.job, run_id, workers=[address], on_error="ignore")
                found: dict[str, Any] | None = (await asked)[address]
                return found
        return None

    async def _replace(self, address: str, resource: str = "train") -> None:
        """End the worker process at `address`; return when it is no longer listed, so that it gets no other run."""
        with suppress(OSError, ValueError, KeyError):
            await self.client.run(worker.leave, workers=[address], on_error="ignore")
        with suppress(EngineError, TimeoutError):
            async with asyncio.timeout(GONE_FOR):
                while address in await self.workers(resource):
                    await asyncio.sleep(0.05)

    async def _gone(self, address: str) -> str:
        """Say so when the worker is no longer listed; else its task might wait for that address for ever.

        Usually the task fails at once. But a worker may die between two messages, before it got the task, or with a
        finished result that was not fetched.
        """
        missed = 0.0
        try:
            while missed < GONE_FOR:
                await asyncio.sleep(GONE_FOR / 4)
                missed = missed + GONE_FOR / 4 if address not in await self.workers("train") else 0.0
        except EngineError:
            return external.RUN_LOST
        return WORKER_LOST

    async def _result(self, future: Future) -> Any:
        """The value, with nothing of it left on the worker: a result that is kept may be computed again."""
        try:
            return await future
        except (KilledWorker, TaskCancelled) as error:
            raise EngineError(CALL_LOST) from error
        finally:
            future.release()


@asynccontextmanager
async def open_cluster(training_workers: int, job: str) -> AsyncIterator[Cluster]:
    """Start workers on this machine, or connect to those of ``RESNET_SCHEDULER``.

    `job` names the module that the workers run. Raises EngineError for a cluster that cannot be used.
    """
    address = external.address()
    if not address:
        async with _local(training_workers) as local, _connected(local.address, local.security) as client:
            yield await _prepared(Cluster(client, job, local))
        return
    if wrong := external.wrong_address(address):
        raise EngineError(wrong)
    worker.quiet()
    try:
        security = Security()  # from Dask's own configuration
        security.get_connection_args("client")
    except OSError as error:
        raise EngineError(external.UNREADABLE) from error
    async with _connected(address, security, external.ANSWERS_WITHIN) as client:
        yield await _prepared(Cluster(client, job, None))


async def _prepared(cluster: Cluster) -> Cluster:
    if not (await cluster.workers("train") and await cluster.workers("call")):
        raise EngineError(external.NO_RESOURCES)
    await cluster.client.register_plugin(worker.Prepare(cluster.job))
    return cluster


@asynccontextmanager
async def _local(training_workers: int) -> AsyncIterator[LocalCluster]:
    local = LocalCluster(training_workers)
    try:
        await local.start()
        yield local
    finally:
        await local.close()


@asynccontextmanager
async def _connected(address: str, security: Security, within: float | None = None) -> AsyncIterator[Client]:
    """Close the client also when connecting fails or is cancelled, which its own context manager does not."""
    options: dict[str, Any] = {"timeout": within} if within else {}
    client = Client(address, security=security, asynchronous=True, set_as_default=False, **options)
    try:
        await _reached(client, within)
        yield client
    finally:
        with suppress(OSError, TimeoutError):
            await client.close(timeout=GOODBYE)


async def _reached(client: Client, within: float | None) -> None:
    """Raises EngineError when no scheduler answers `within` so many seconds, if they are given."""
    if within is None:
        await client
        return
    try:
        async with asyncio.timeout(within + GOODBYE):  # what answers may say nothing
            await client
    except (OSError, TypeError, ValueError) as error:
        raise EngineError(external.reason(error)) from error
