//! The description of these addresses, as OpenAPI wants it.
use serde_json::{Value, json};

/// Paths for the description of the API.
pub fn paths() -> Value {
    let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let content = |name: &str| json!({ "application/json": { "schema": schema(name) } });
    let answer = |name: &str| json!({ "description": "OK", "content": content(name) });
    let problem = |about: &str| json!({ "description": about, "content": { "application/problem+json": { "schema": schema("Problem") } } });
    let session = json!([{ "session": [] }]);
    let token = json!({ "name": "X-Csrf-Token", "in": "header", "required": true, "schema": { "type": "string" },
        "description": "The token of the session, from GET /api/v1/sync." });
    let event =
        json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } });
    let signed_out = problem("Nobody is signed in");
    json!({
        "/api/v1/sync": {
            "get": {
                "operationId": "showSync", "summary": "Who is signed in, the session's token, and how a device stands.",
                "security": session,
                "parameters": [{ "name": "device", "in": "query", "schema": { "type": "integer" } }],
                "responses": { "200": answer("SyncState"), "401": signed_out },
            },
            "post": {
                "operationId": "sync",
                "summary": "Events of a device, in any order and any pieces; each gets one verdict, and the same one again.",
                "security": session, "parameters": [token],
                "requestBody": { "required": true, "content": content("SyncBatch") },
                "responses": { "200": answer("SyncAnswer"), "401": signed_out,
                    "409": problem("The device is unknown or was revoked, or the token is of another session"),
                    "413": problem("More than 500 events or 1 MB"), "422": problem("No batch") },
            },
        },
        "/api/v1/sync/event/{id}": { "get": {
            "operationId": "showSyncEvent", "summary": "What became of an event, also after a person decided.",
            "security": session, "parameters": [event],
            "responses": { "200": answer("SyncVerdict"), "401": signed_out, "404": problem("No such event here") },
        } },
        "/api/v1/sync/photo/{id}": { "post": {
            "operationId": "sendSyncPhoto", "summary": "The photo of an event, whenever it comes; sent twice it is kept once.",
            "security": session, "parameters": [event, token],
            "requestBody": { "required": true, "content": { "image/jpeg": { "schema": { "type": "string",
                "format": "binary" } } } },
            "responses": { "200": { "description": "OK" }, "401": signed_out,
                "409": problem("The event has not come or waits for a person: send again later"),
                "422": problem("No picture, or the event came to nothing: do not send again") },
        } },
        "/api/v1/devices": { "post": {
            "operationId": "registerDevice",
            "summary": "A device of the outlet gets its key, until it has used it. Events are signed with HMAC-SHA256 (hex) \
                over device, counter, id, kind, recorded_at, person and body, joined by line feeds; the key is the text itself.",
            "security": session, "parameters": [token],
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "type": "object",
                "required": ["install"], "properties": { "install": { "type": "string", "minLength": 20,
                "maxLength": 64 } } } } } },
            "responses": { "200": answer("Device"), "401": signed_out,
                "409": problem("The key was given and used before, or the device was revoked") },
        } },
    })
}

/// Schemas for the description of the API.
pub fn schemas() -> Value {
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    let list = |name: &str| json!({ "type": "array", "items": { "$ref": format!("#/components/schemas/{name}") } });
    let object = |properties: Value| json!({ "type": "object", "properties": properties });
    let verdict = json!({ "enum": ["accepted", "refused", "held"] });
    json!({
        "SyncState": object(json!({ "person": object(json!({ "id": number, "name": text })),
            "outlet": object(json!({ "id": number, "name": text })), "csrf": text, "language": text, "now": text,
            "device": { "enum": ["none", "elsewhere", "revoked", "registered"] } })),
        "SyncBatch": { "type": "object", "required": ["device", "now", "events"], "properties": { "device": number,
            "now": { "type": "string", "format": "date-time", "description": "The device's clock while sending." },
            "events": { "type": "array", "maxItems": 500, "items": { "$ref": "#/components/schemas/SyncEvent" } } } },
        "SyncEvent": { "type": "object",
            "required": ["counter", "id", "kind", "recorded_at", "person", "body", "signature"],
            "properties": { "counter": { "type": "integer", "minimum": 1 }, "id": { "type": "string", "format": "uuid" },
                "kind": { "enum": ["intake", "visit"] }, "recorded_at": { "type": "string", "format": "date-time" },
                "person": number, "body": { "type": "string", "description": "JSON, as text." },
                "signature": { "type": "string", "pattern": "^[0-9a-f]{64}$" } } },
        "SyncAnswer": object(json!({ "events": list("SyncVerdict"), "now": text, "ahead_ms": number })),
        "SyncVerdict": object(json!({ "id": text, "verdict": verdict, "answer": { "type": "object" },
            "reason": text, "sentence": text, "sentences": { "type": "object", "additionalProperties": text,
            "description": "All that is wrong with a refused event, by field." }, "decision": { "enum": ["accepted", "dismissed"] } })),
        "Device": object(json!({ "device": number, "name": text, "outlet": number, "key": text })),
    })
}
