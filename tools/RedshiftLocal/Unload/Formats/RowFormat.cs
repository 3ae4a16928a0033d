using System.Buffers;
using System.Collections.Immutable;
using RedshiftLocal.Unload.Commands;

namespace RedshiftLocal.Unload.Formats;

/// <summary>Writes rows as one of UNLOAD's text formats.</summary>
/// <param name="columns">All columns of the query.</param>
/// <param name="shown">The indexes of those that are in the files.</param>
internal abstract class RowFormat(ImmutableArray<UnloadColumn> columns, ImmutableArray<int> shown)
{
    protected ImmutableArray<UnloadColumn> Columns => columns;

    protected ImmutableArray<int> Shown => shown;

    public static RowFormat Create(UnloadCommand command, ImmutableArray<UnloadColumn> columns, ImmutableArray<int> shown) => command.Format switch
    {
        UnloadFormat.Csv => new CsvFormat(command, columns, shown),
        UnloadFormat.FixedWidth => new FixedWidthFormat(command, columns, shown),
        UnloadFormat.Json => new JsonFormat(columns, shown),
        _ => new DelimitedFormat(command, columns, shown),
    };

    /// <summary>The line of column names.</summary>
    public virtual void Header(IBufferWriter<byte> target)
    {
    }

    public abstract void Row(UnloadRow row, ArrayBufferWriter<byte> target);
}
