"""Bodies as the OpenAPI document shows them."""

WEB_ADDRESS = {
    "name": "Checkout",
    "kind": "http",
    "url": "https://shop.example.com/checkout",
    "interval_s": 30,
    "timeout_s": 10,
    "retries": 2,
    "regions": ["eu-west", "us-east", "ap-south"],
    "quorum": 2,
    "config": {
        "method": "GET",
        "expected_status": "200-299",
        "keyword": "Your basket",
        "latency_limit_ms": 1500,
    },
}
AI_AGENT = {
    "name": "Support agent",
    "kind": "agent",
    "url": "https://agent.example.com/v1/chat/completions",
    "config": {
        "token": "the agent's own token",
        "prompt": "What is the capital of France?",
        "expected": "Paris",
        "match": "contains",
        "latency_limit_ms": 4000,
    },
}
HEARTBEAT = {
    "name": "Nightly backup",
    "kind": "heartbeat",
    "config": {"cron": "30 3 * * *", "time_zone": "Europe/Berlin", "grace_s": 1800},
}
UPSTREAM = {
    "name": "Our mail provider",
    "kind": "upstream",
    "url": "https://status.vendor.example.com",
    "config": {"component": "Sending"},
}
MONITOR_CHANGE = {"interval_s": 60, "config": {"latency_limit_ms": 2500}}
CLAIM = {"region": "eu-west", "limit": 50}
REPORT = {
    "region": "eu-west",
    "results": [
        {
            "monitor_id": "01JD0000000000000000000000",
            "verdict": "down",
            "error_code": "http_503",
            "latency_ms": 84,
            "age_ms": 1200,
        }
    ],
}
