import NetprobeCLI

Netprobe.run()
