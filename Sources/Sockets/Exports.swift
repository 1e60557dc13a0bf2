// Whoever uses sockets names their errors, families, options and paths, which stand in Platform beside the calls that
// take them.
@_exported import Platform
