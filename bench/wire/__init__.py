"""What the benchmark of transfers is made of: lines with a delay, bare streams, the site, a peer."""
