namespace Sluice.Diagnostics;

/// <summary>A value that must never be printed. <see cref="ToString"/> gives <c>****</c>; only the one who connects reveals it.</summary>
public sealed class Secret(string value) : IEquatable<Secret>
{
    private readonly string _value = value;

    public string Reveal() => _value;

    public override string ToString() => "****";

    public bool Equals(Secret? other) => other is not null && _value == other._value;

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);
}
