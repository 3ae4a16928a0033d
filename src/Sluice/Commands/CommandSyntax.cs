using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Sluice.Catalog;
using Sluice.Diagnostics;

namespace Sluice.Commands;

/// <summary>One command as it was written; its parts keep their places.</summary>
internal sealed record CommandSyntax
{
    public required LoadKinds Kind { get; init; }

    /// <summary>The words that say what it is: <c>LOAD CSV</c>.</summary>
    public required TextSpan Words { get; init; }

    public required SourceSyntax Source { get; init; }

    public required ImmutableArray<ClauseSyntax> Clauses { get; init; }

    /// <summary>The commands inside LOAD ARCHIVE.</summary>
    public ImmutableArray<CommandSyntax> Parts { get; init; } = [];

    /// <summary>0-based offset after the final semicolon, or after the last clause.</summary>
    public int End { get; init; }

    public bool IsTerminated { get; init; }
}

/// <summary>What stands after FROM.</summary>
internal abstract record SourceSyntax(TextSpan Span)
{
    public sealed record Stdin(TextSpan Span) : SourceSyntax(Span);

    public sealed record Inline(TextSpan Span) : SourceSyntax(Span);

    public sealed record File(TextSpan Span, string Name) : SourceSyntax(Span);

    public sealed record Http(TextSpan Span, Uri Address) : SourceSyntax(Span);

    public sealed record Matching(TextSpan Span, Regex Pattern, bool All, string? Directory, TextSpan DirectorySpan) : SourceSyntax(Span);

    public sealed record Database(TextSpan Span, DatabaseUri Uri) : SourceSyntax(Span);
}

/// <summary>One clause. <paramref name="Span"/> covers the words that start it.</summary>
internal abstract record ClauseSyntax(ClauseKind Kind, TextSpan Span)
{
    public sealed record Encoding(TextSpan Span, string Name, TextSpan NameSpan) : ClauseSyntax(ClauseKind.Encoding, Span);

    public sealed record Fields(TextSpan Span, ImmutableArray<FieldSpec> Items) : ClauseSyntax(ClauseKind.Fields, Span);

    public sealed record Into(TextSpan Span, DatabaseUri Uri) : ClauseSyntax(ClauseKind.Into, Span);

    public sealed record TargetTable(TextSpan Span, QualifiedName Name, QualifiedName Written) : ClauseSyntax(ClauseKind.TargetTable, Span);

    public sealed record Columns(TextSpan Span, ImmutableArray<ColumnSpec> Items) : ClauseSyntax(ClauseKind.Columns, Span);

    /// <summary>Each item is the place of one option, read by the binder with the options that the source has.</summary>
    public sealed record With(TextSpan Span, ImmutableArray<Place> Items) : ClauseSyntax(ClauseKind.With, Span);

    public sealed record Set(ClauseKind Kind, TextSpan Span, ImmutableArray<SettingSyntax> Items) : ClauseSyntax(Kind, Span);

    public sealed record Sql(ClauseKind Kind, TextSpan Span, ImmutableArray<SqlPartSyntax> Items) : ClauseSyntax(Kind, Span);

    public sealed record Cast(TextSpan Span, ImmutableArray<CastRuleSpec> Items) : ClauseSyntax(ClauseKind.Cast, Span);

    public sealed record Materialize(TextSpan Span, bool All, ImmutableArray<MaterializedView> Items)
        : ClauseSyntax(ClauseKind.Materialize, Span);

    public sealed record Filter(ClauseKind Kind, TextSpan Span, ImmutableArray<TableFilter> Items) : ClauseSyntax(Kind, Span);

    public sealed record Decoding(TextSpan Span, ImmutableArray<DecodingRule> Items) : ClauseSyntax(ClauseKind.Decoding, Span);

    public sealed record AlterTable(TextSpan Span, ImmutableArray<AlterTableRule> Items) : ClauseSyntax(ClauseKind.AlterTable, Span);

    public sealed record AlterSchema(TextSpan Span, AlterSchemaRule Rule) : ClauseSyntax(ClauseKind.AlterSchema, Span);

    public sealed record Distribute(TextSpan Span, ImmutableArray<DistributionRule> Items) : ClauseSyntax(ClauseKind.Distribute, Span);
}

/// <summary>A parameter of a SET clause.</summary>
internal sealed record SettingSyntax(Place Place, string Name, string Value);

/// <summary>A <c>$$</c> block, or the name of a file to read.</summary>
internal sealed record SqlPartSyntax(Place Place, string Text, bool IsFile);

/// <summary>A piece of one of the texts that a command is made of: the command file, or an option of the command line.</summary>
internal readonly record struct Place(SourceText Source, TextSpan Span)
{
    public string Text => Source.Text.Substring(Span.Start, Span.Length);

    public Diagnostic Error(string message, string? hint = null) => new(DiagnosticSeverity.Error, Source, Span, message, hint);

    public Diagnostic Warning(string message, string? hint = null) => new(DiagnosticSeverity.Warning, Source, Span, message, hint);

    /// <summary><c>file:line:column</c></summary>
    public override string ToString()
    {
        var (line, column) = Source.Position(Span.Start);
        return $"{Source.Name}:{line}:{column}";
    }
}
