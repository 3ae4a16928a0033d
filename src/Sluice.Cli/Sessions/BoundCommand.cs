using Sluice.Commands;

namespace Sluice.Cli.Sessions;

/// <summary>A command that is ready to run, and the name a user knows it by.</summary>
internal sealed record BoundCommand(string Name, LoadSpec Spec);
