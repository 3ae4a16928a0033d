using System.Collections.Immutable;
using Sluice.Commands;

namespace Sluice.Sources;

/// <summary>Every kind of source with its options. To add one, add a line.</summary>
public static class SourceRegistry
{
    public static ImmutableArray<SourceDescriptor> All { get; } =
    [
        Describe("csv", LoadKinds.Csv, "CSV files", [SourceOptions.Csv, SourceOptions.Text, SourceOptions.Values, SourceOptions.DropIndexes]) with { IsBuilt = true },
        Describe("fixed", LoadKinds.Fixed, "fixed-width files", [SourceOptions.Fixed, SourceOptions.Text, SourceOptions.Values, SourceOptions.DropIndexes]),
        Describe("copy", LoadKinds.Copy, "COPY files", [SourceOptions.Copy, SourceOptions.Text, SourceOptions.DropIndexes]),
        Describe("dbf", LoadKinds.Dbf, "dBase files", [SourceOptions.Tables, SourceOptions.SingleTable, SourceOptions.Dbf]),
        Describe("ixf", LoadKinds.Ixf, "IXF files", [SourceOptions.Tables, SourceOptions.SingleTable, SourceOptions.Ixf]),
        Describe("mysql", LoadKinds.MySql, "MySQL databases", [SourceOptions.Tables, SourceOptions.Database, SourceOptions.MySql, SourceOptions.DropIndexes]),
        Describe("mssql", LoadKinds.SqlServer, "SQL Server databases", [SourceOptions.Tables, SourceOptions.Database, SourceOptions.SourceEncoding, SourceOptions.DropIndexes]),
        Describe("sqlite", LoadKinds.Sqlite, "SQLite databases", [SourceOptions.Tables, SourceOptions.Database, SourceOptions.SourceEncoding, SourceOptions.DropIndexes]),
        Describe("pgsql", LoadKinds.Postgres, "PostgreSQL databases", [SourceOptions.Tables, SourceOptions.Database, SourceOptions.DropIndexes]),
        new SourceDescriptor { Keyword = "archive", Kind = LoadKinds.Archive, Reads = "archives", Options = [] },
    ];

    public static SourceDescriptor Find(LoadKinds kind) => All.First(descriptor => descriptor.Kind == kind);

    private static SourceDescriptor Describe(string keyword, LoadKinds kind, string reads, OptionDefinition[][] own) => new()
    {
        Keyword = keyword,
        Kind = kind,
        Reads = reads,
        Options = [.. own.SelectMany(group => group), .. SourceOptions.Common((kind & LoadKinds.Files) != 0), .. SourceOptions.Identifiers],
    };
}
