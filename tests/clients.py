"""Every recorded call of midtransclient 1.4.2, made again. Called by tests/clients."""
import json
import os
import uuid

import requests
from midtransclient import CoreApi, Snap
from midtransclient.config import ApiConfig

BASE = os.environ["BASE"]
ApiConfig.CORE_SANDBOX_BASE_URL = BASE
ApiConfig.SNAP_SANDBOX_BASE_URL = BASE + "/snap/v1"

with open("tests/data/midtrans/python-midtransclient-1.4.2.json") as file:
    EXCHANGES = json.load(file)["exchanges"]
KEYS = requests.get(BASE + "/key").json()


def client(kind, **more):
    return kind(is_production=False, server_key=KEYS["server_key"], client_key=KEYS["client_key"], **more)


core, snap = client(CoreApi), client(Snap)


def fresh(body):
    """The recorded body for an order of its own."""
    order_id = "PY-" + str(uuid.uuid4())
    details = {**body["transaction_details"], "order_id": order_id}
    return {**body, "transaction_details": details}


def control(order_id, **fields):
    answer = requests.post(BASE + "/control", json={"order_id": order_id, "set": fields})
    assert answer.status_code == 200, answer.text


def charged(**fields):
    """An order that is charged, and then what the bank does."""
    body = fresh(next(json.loads(e["request"]["body_raw"]) for e in EXCHANGES if e["label"] == "core.charge qris"))
    # The recorded deadline has long passed.
    body.pop("custom_expiry", None)
    answer = core.charge(body)
    if fields:
        control(answer["order_id"], **fields)
    return answer


def with_headers(exchange):
    """The same headers with a key of its own; no notice may go to a stranger's address."""
    headers = {"X-Override-Notification": BASE + "/key", "Idempotency-Key": str(uuid.uuid4())}
    return client(CoreApi, custom_headers=headers)


def charge_twice(api, body):
    first, second = api.charge(body), api.charge(fresh(body))
    assert first == second, "the key was not recognised"
    return first


def charge(body):
    body = fresh(body)
    body.pop("custom_expiry", None)
    return core.charge(body)


def snap_create(body):
    body = fresh(body)
    body.pop("expiry", None)
    return snap.create_transaction(body)


SUSPICIOUS = {"transaction_status": "capture", "fraud_status": "challenge"}
t = core.transactions
CALLS = {
    "snap.create_transaction": lambda e, body: snap_create(body),
    "core.charge qris": lambda e, body: charge(body),
    "core.charge bank_transfer bri": lambda e, body: charge(body),
    "transactions.status": lambda e, body: t.status(charged(transaction_status="settlement")["order_id"]),
    "transactions.cancel": lambda e, body: t.cancel(charged()["order_id"]),
    "transactions.expire": lambda e, body: t.expire(charged()["order_id"]),
    "transactions.approve": lambda e, body: t.approve(charged(**SUSPICIOUS)["order_id"]),
    "transactions.deny": lambda e, body: t.deny(charged(**SUSPICIOUS)["order_id"]),
    "transactions.refund": lambda e, body: t.refund(charged(transaction_status="settlement")["order_id"], body),
    "transactions.refundDirect": lambda e, body: t.refundDirect(
        charged(transaction_status="settlement")["order_id"], body
    ),
    "transactions.notification": lambda e, body: t.notification(charged(transaction_status="settlement")),
    "core.charge with custom headers": lambda e, body: charge_twice(with_headers(e), fresh(body)),
    "transactions.notification with custom_headers set": lambda e, body: with_headers(e).transactions.notification(
        charged(transaction_status="settlement")
    ),
    # Unescaped, these ask for what does not exist; the recorder answered the first all the same.
    "order_id with slash, unescaped": lambda e, body: t.status("INV/2026/01"),
    "order_id with hash, unescaped": lambda e, body: t.status("INV#1"),
}
MISSING = ("order_id with slash, unescaped", "order_id with hash, unescaped")

for exchange in EXCHANGES:
    label = exchange["label"].split(" (")[0]
    raw = exchange["request"]["body_raw"]
    try:
        got = CALLS[label](exchange, json.loads(raw) if raw else None)
    except Exception as error:
        if label not in MISSING or getattr(error, "http_status_code", None) != 404:
            raise AssertionError(label) from error
        got = None
    if label in MISSING:
        assert got is None, f"{label}: {got}"
        continue
    expected = exchange["response"]["body"]
    missing = set(expected) - set(got) - {"refund_key", "qr_string", "actions", "acquirer"}
    assert not missing, f"{label} lacks {missing}: {got}"
    assert got.get("status_code") == expected.get("status_code"), f"{label}: {got}"

print(f"Python client: {len(EXCHANGES)} calls")
