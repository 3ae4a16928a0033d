namespace Sluice.Runs.Summary;

/// <summary>What a summary file holds.</summary>
public enum SummaryFormat
{
    Text,
    Csv,
    Copy,
    Json,
}
