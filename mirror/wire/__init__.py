"""The wire: each exchange as real HTTP/1.1 on a loopback port."""
