namespace Sluice.Batches;

/// <summary>
/// The types that may go as COPY binary: their receive functions share the checks of their input functions.
/// A table with a column of any other type goes as text.
/// </summary>
public enum BinaryType
{
    /// <summary>Not on the list: text only.</summary>
    None,
    Boolean,
    Int2,
    Int4,
    Int8,
    Float4,
    Float8,
    Numeric,
    Text,
    VarChar,
    BpChar,
    Bytea,
    Uuid,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Json,
    Jsonb,
    Enum,
}
