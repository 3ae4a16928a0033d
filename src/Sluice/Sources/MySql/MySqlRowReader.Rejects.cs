using MySqlConnector;
using Sluice.Batches;
using Sluice.Casts;

namespace Sluice.Sources.MySql;

/// <content>Rows that cannot be taken.</content>
internal sealed partial class MySqlRowReader
{
    private void Reject(MySqlDataReader reader, RowWriter rows, int column, RejectStage stage, string message)
    {
        // The rest of the key may stand behind the field at fault.
        for (var field = column + 1; field < _kinds.Length; field++)
        {
            if (_keyPlace[field] >= 0 && !reader.IsDBNull(field))
            {
                Keep(field, Fetch(reader, field));
            }
        }

        if (_keyPlace[column] >= 0 && !reader.IsDBNull(column))
        {
            Keep(column, Fetch(reader, column));
        }

        var source = reader.IsDBNull(column) ? [] : Fetch(reader, column);
        rows.AbandonRow();
        rows.Reject(new Rejection { Origin = Origin(), Stage = stage, Column = _columns[column].Name, Message = message, Key = Key() }, source);
    }

    private List<(string Name, string? Value)>? Key() =>
        _keyNames.IsEmpty ? null : [.. _keyNames.Select((name, part) => (name, (string?)Utf8Text.Show(KeyPart(part))))];
}
