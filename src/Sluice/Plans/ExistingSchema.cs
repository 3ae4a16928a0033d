using System.Collections.Immutable;
using Sluice.Postgres;

namespace Sluice.Plans;

/// <summary>What the target holds already: the tables that a load goes into, and all foreign keys.</summary>
public sealed record ExistingSchema(ImmutableArray<PostgresTable> Tables, ImmutableArray<ForeignKeyPlan> ForeignKeys);
