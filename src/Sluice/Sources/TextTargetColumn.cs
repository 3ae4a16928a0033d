namespace Sluice.Sources;

/// <summary>A column of the target table that can be loaded.</summary>
/// <param name="Name">Bare name.</param>
/// <param name="IsDateOrTime">Whether <c>date format</c> in WITH applies to it.</param>
public sealed record TextTargetColumn(string Name, bool IsDateOrTime = false);
