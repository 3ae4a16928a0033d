namespace Sluice.Casts;

/// <summary>A value that a transform, date format or expression cannot take. The row is rejected; never seen by a user as an exception.</summary>
public sealed class TransformException(string message) : Exception(message);
