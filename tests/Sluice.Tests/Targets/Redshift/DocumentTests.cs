using Sluice.Locations.S3;
using Sluice.Targets.Redshift;
using Sluice.Tests.Docs;

namespace Sluice.Tests.Targets.Redshift;

public sealed class DocumentTests
{
    private static readonly string Page = Documents.Named("docs/redshift.md").Text;

    [Fact]
    public void The_page_names_every_option_and_its_parameter() => Assert.All(RedshiftOptions.Target.Options, option =>
    {
        Assert.Contains($"| `{option.Words}", Page, StringComparison.Ordinal);
        Assert.Contains($"| `{option.Parameter}", Page, StringComparison.Ordinal);
    });

    [Fact]
    public void The_policy_grants_every_right_that_is_tried() =>
        Assert.All(Enum.GetValues<StagingAction>(), action => Assert.Contains($"\"{StagingPolicy.ActionOf(action)}\"", Page, StringComparison.Ordinal));
}
