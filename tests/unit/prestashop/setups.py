SETUPS = {}
