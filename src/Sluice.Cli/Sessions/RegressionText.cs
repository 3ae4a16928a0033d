using Sluice.Runs;
using Sluice.Runs.Summary;

namespace Sluice.Cli.Sessions;

/// <summary>What <c>--regress</c> prints.</summary>
internal static class RegressionText
{
    public static void Write(RegressionResult result, string file, TextWriter output)
    {
        if (result.IsSame)
        {
            output.WriteLine($"Regression test passed: {file}");
            return;
        }

        output.WriteLine($"Regression test failed: {file}");
        Write("expected but not loaded", result.Missing, result.MissingRows);
        Write("loaded but not expected", result.Unexpected, result.UnexpectedRows);

        void Write(string what, long count, IReadOnlyList<string> rows)
        {
            output.WriteLine($"  {result.Table}: {SummaryFormats.Counted(count, "row")} {what}");
            foreach (var row in rows)
            {
                output.WriteLine($"    {row.Replace("\n", "\\n", StringComparison.Ordinal)}");
            }

            if (count > rows.Count)
            {
                output.WriteLine("    ...");
            }
        }
    }
}
