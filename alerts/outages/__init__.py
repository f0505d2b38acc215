"""From confirmed flips of monitors to alerts and, where the routing says so, to incidents."""
