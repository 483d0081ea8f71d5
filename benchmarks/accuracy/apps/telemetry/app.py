"""Measurements of devices: batches of readings, series, statistics by metric, alerts, exports."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Header, HTTPException, Path, Query
from fastapi.responses import PlainTextResponse, StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field

Level = Literal["info", "warning", "critical"]


class Location(BaseModel):
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    altitude: float | None = None


class DeviceIn(BaseModel):
    serial: str = Field(pattern="^[A-Z]{2}[0-9]{6}$")
    model: str
    address: IPv4Address | None = None
    location: Location
    labels: dict[str, str] = {}
    interval: int = 60


class Device(DeviceIn):
    registered_at: datetime
    last_seen: datetime | None = None
    firmware: str | None = None
    online: bool = False


class Reading(BaseModel):
    at: AwareDatetime
    values: dict[str, float]
    battery: int | None = Field(default=None, ge=0, le=100)


class Batch(BaseModel):
    device: str
    readings: list[Reading]


class Accepted(BaseModel):
    accepted: int
    rejected: int
    errors: list[str] = []


class Statistics(BaseModel):
    count: int
    minimum: float
    maximum: float
    mean: float
    deviation: float | None


class Report(BaseModel):
    device: str
    begin: datetime | None
    end: datetime | None
    metrics: dict[str, Statistics]


class Rule(BaseModel):
    metric: str
    above: float | None = None
    below: float | None = None
    level: Level = "warning"


class Alert(BaseModel):
    id: int
    device: str
    metric: str
    value: float
    level: Level
    at: datetime
    acknowledged: bool


class Health(BaseModel):
    status: Literal["ok", "degraded"]
    devices: int
    uptime: float
    checks: dict[str, bool]


class State:
    def __init__(self) -> None:
        self.devices: dict[str, Device] = {}
        self.readings: dict[str, list[Reading]] = {}
        self.rules: dict[int, Rule] = {}
        self.alerts: list[Alert] = []
        self.configurations: dict[str, dict[str, Any]] = {}


app = FastAPI(title="Telemetry", version="2.0")
state = State()
Serial = Annotated[str, Path(description="The serial number on the device")]
MISSING: dict[int | str, dict[str, Any]] = {404: {"description": "No such device"}}


def find(serial: str) -> Device:
    if serial not in state.devices:
        raise HTTPException(404, f"No device {serial}")
    return state.devices[serial]


@app.get("/health")
def health() -> Health:
    return Health(status="ok", devices=len(state.devices), uptime=12.5, checks={"storage": True, "queue": True})


@app.post("/devices", status_code=201)
def register(device: DeviceIn) -> Device:
    if device.serial in state.devices:
        raise HTTPException(409, "Registered already")
    made = Device(**device.model_dump(), registered_at=datetime.now(UTC))
    state.devices[made.serial] = made
    state.readings[made.serial] = []
    return made


@app.get("/devices")
def devices(
    model: str | None = None,
    online: bool | None = None,
    near: Annotated[str | None, Query(description="latitude,longitude")] = None,
    radius: float = 1.0,
) -> list[Device]:
    found = [device for device in state.devices.values() if model in (None, device.model)]
    found = [device for device in found if online in (None, device.online)]
    if near is not None:
        latitude, longitude = (float(part) for part in near.split(","))
        found = [
            device
            for device in found
            if abs(device.location.latitude - latitude) <= radius
            and abs(device.location.longitude - longitude) <= radius
        ]
    return found


@app.get("/devices/{serial}", responses=MISSING)
def device(serial: Serial) -> Device:
    return find(serial)


@app.delete("/devices/{serial}", status_code=204, responses=MISSING)
def forget(serial: Serial) -> None:
    del state.devices[find(serial).serial]


@app.put("/devices/{serial}/configuration", responses=MISSING)
def configure(serial: Serial, configuration: dict[str, Any]) -> dict[str, Any]:
    """Any settings that the device understands."""
    find(serial)
    state.configurations[serial] = configuration
    return {"serial": serial, "version": 1, "configuration": configuration}


@app.post("/readings", status_code=202)
def ingest(batches: list[Batch], x_gateway: Annotated[str | None, Header()] = None) -> Accepted:
    """Take readings of several devices at once."""
    accepted, errors = 0, []
    for batch in batches:
        if batch.device not in state.devices:
            errors.append(f"unknown device {batch.device}")
            continue
        device = state.devices[batch.device]
        for reading in batch.readings:
            accepted += 1
            state.readings[batch.device].append(reading)
            device.last_seen, device.online = reading.at, True
            for rule in state.rules.values():
                check(rule, batch.device, reading)
    return Accepted(accepted=accepted, rejected=len(errors), errors=errors)


def check(rule: Rule, device: str, reading: Reading) -> None:
    value = reading.values.get(rule.metric)
    if value is None:
        return
    if (rule.above is not None and value > rule.above) or (rule.below is not None and value < rule.below):
        state.alerts.append(
            Alert(
                id=len(state.alerts) + 1,
                device=device,
                metric=rule.metric,
                value=value,
                level=rule.level,
                at=reading.at,
                acknowledged=False,
            )
        )


@app.get("/devices/{serial}/readings", responses=MISSING)
def readings(
    serial: Serial,
    begin: AwareDatetime | None = None,
    end: AwareDatetime | None = None,
    metric: Annotated[list[str] | None, Query()] = None,
    limit: Annotated[int, Query(gt=0, le=1000)] = 100,
) -> list[Reading]:
    find(serial)
    found = [
        one for one in state.readings[serial] if (begin is None or one.at >= begin) and (end is None or one.at < end)
    ]
    if metric:
        found = [
            one.model_copy(update={"values": {name: value for name, value in one.values.items() if name in metric}})
            for one in found
        ]
    return found[:limit]


@app.get("/devices/{serial}/series/{metric}", responses=MISSING)
def series(serial: Serial, metric: str) -> list[tuple[datetime, float]]:
    """Pairs of time and value."""
    find(serial)
    return [(one.at, one.values[metric]) for one in state.readings[serial] if metric in one.values]


@app.get("/devices/{serial}/report", responses=MISSING)
def report(serial: Serial, window: timedelta | None = None) -> Report:
    find(serial)
    found = state.readings[serial]
    values: dict[str, list[float]] = {}
    for one in found:
        for name, value in one.values.items():
            values.setdefault(name, []).append(value)
    metrics = {
        name: Statistics(
            count=len(all_), minimum=min(all_), maximum=max(all_), mean=statistics.fmean(all_),
            deviation=statistics.stdev(all_) if len(all_) > 1 else None,
        )
        for name, all_ in values.items()
    }  # fmt: skip
    begin, end = (found[0].at, found[-1].at) if found else (None, None)
    return Report(device=serial, begin=begin, end=end, metrics=metrics)


@app.get("/devices/{serial}/export", response_class=PlainTextResponse, responses=MISSING)
def export(serial: Serial, separator: str = ";") -> str:
    find(serial)
    rows = [f"{one.at.isoformat()}{separator}{len(one.values)}" for one in state.readings[serial]]
    return "\n".join([f"at{separator}values", *rows])


@app.get("/stream/{serial}")
def stream(serial: Serial) -> StreamingResponse:
    find(serial)

    def lines() -> Iterator[str]:
        for one in state.readings[serial]:
            yield json.dumps({"at": one.at.isoformat(), "values": one.values}) + "\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson")


@app.put("/rules/{rule_id}")
def set_rule(rule_id: int, rule: Rule) -> Rule:
    state.rules[rule_id] = rule
    return rule


@app.get("/rules")
def rules() -> dict[int, Rule]:
    return state.rules


@app.get("/alerts")
def alerts(level: Level | None = None, acknowledged: bool | None = None) -> list[Alert]:
    found = [alert for alert in state.alerts if level in (None, alert.level)]
    return [alert for alert in found if acknowledged in (None, alert.acknowledged)]


@app.post("/alerts/{alert_id}/acknowledge")
def acknowledge(alert_id: int) -> Alert:
    if not 0 < alert_id <= len(state.alerts):
        raise HTTPException(404, "No such alert")
    state.alerts[alert_id - 1].acknowledged = True
    return state.alerts[alert_id - 1]
