/// A header read in place over a record's bytes: the contract that every protocol's view keeps.
///
/// Opening proves that the fixed part is there; after that no accessor can fail, and none rejects a value that is
/// merely odd: whoever looks at packets must see nonsense as it is.
public protocol HeaderView: SendableMetatype, ~Escapable {
    /// - Parameter bytes: the layer's header and payload, as the layer below ends them.
    /// - Throws: `LengthError` where the fixed part is not there in full.
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) throws(LengthError)
}
