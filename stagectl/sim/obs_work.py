"""Requests are answered one after another, and those in one batch in their order."""

from collections.abc import Generator, Iterator

from stagectl.sim.obs_fields import (
    MISSING_TYPE,
    NOT_READY,
    UNKNOWN_TYPE,
    WRONG_EXECUTION,
    Fields,
    Json,
    Refused,
)
from stagectl.sim.obs_requests import REQUESTS
from stagectl.sim.obs_run import Run
from stagectl.sim.obs_switcher import FRAME

SUCCESS = 100
REALTIME, FRAMES, PARALLEL = 0, 1, 2


def answer(run: Run, kind: object, data: object) -> Json:
    """Carry out one request and return its status, with data if there is any."""
    try:
        told = _carry_out(run, kind, data)
    except Refused as refused:
        status: Json = {"code": refused.code, "result": False}
        if refused.comment:
            status["comment"] = refused.comment
        return {"requestStatus": status}
    done: Json = {"requestStatus": {"code": SUCCESS, "result": True}}
    return done if told is None else done | {"responseData": told}


def _carry_out(run: Run, kind: object, data: object) -> Json | None:
    if not kind or not isinstance(kind, str):
        raise Refused(MISSING_TYPE, "Your request's `requestType` may not be empty.")
    if not run.ready:
        raise Refused(NOT_READY, "OBS is not ready to perform the request.")
    handle = REQUESTS.get(kind)
    if handle is None:
        raise Refused(UNKNOWN_TYPE, "Your request type is not valid.")
    return handle(run, Fields(data))


def work_through(run: Run, batch: Json, results: list[Json]) -> Iterator[float]:
    """Carry out a batch into `results`; yields the seconds to wait before the next step."""
    how = batch.get("executionType") or REALTIME
    variables = dict(batch.get("variables") or {})
    if how == FRAMES:
        yield FRAME
    for request in batch["requests"]:
        kind = request.get("requestType") or ""
        data = _filled(request, variables)
        if kind == "Sleep" and how != PARALLEL:
            told = yield from _sleep(data, how)
        elif kind == "Sleep":
            told = {"requestStatus": {"code": WRONG_EXECUTION, "result": False}}
        else:
            told = answer(run, kind, data)
        _keep(request, told, variables)
        named = {"requestId": request["requestId"]} if "requestId" in request else {}
        results.append({"requestType": kind, **named, **told})
        if batch.get("haltOnFailure") and not told["requestStatus"]["result"]:
            return


def _sleep(data: object, how: int) -> Generator[float, None, Json]:
    try:
        if how == FRAMES:
            wait = Fields(data).number("sleepFrames", 0, 10_000) * FRAME
        else:
            wait = Fields(data).number("sleepMillis", 0, 50_000) / 1000
    except Refused as refused:
        return {
            "requestStatus": {"code": refused.code, "comment": refused.comment, "result": False}
        }
    yield wait
    return {"requestStatus": {"code": SUCCESS, "result": True}}


def _filled(request: Json, variables: Json) -> object:
    wanted = request.get("inputVariables")
    data = request.get("requestData")
    if not isinstance(wanted, dict):
        return data
    values = {field: variables[name] for field, name in wanted.items() if name in variables}
    return (data if isinstance(data, dict) else {}) | values


def _keep(request: Json, told: Json, variables: Json) -> None:
    wanted = request.get("outputVariables")
    data = told.get("responseData")
    if isinstance(wanted, dict) and isinstance(data, dict):
        variables.update({name: data[field] for name, field in wanted.items() if field in data})
