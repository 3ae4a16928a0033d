using Sluice.Sources.MySql;

namespace Sluice.Tests.Sources.MySql;

/// <summary>The rules of foreign keys, out of definitions as servers write them.</summary>
public sealed class MySqlKeyRulesTests
{
    private const string Create = """
        CREATE TABLE `t` (
          `id` int(11) NOT NULL DEFAULT 0 COMMENT 'CONSTRAINT `a` FOREIGN KEY (`x`) ON DELETE CASCADE, on update',
          `on` int(11) DEFAULT NULL ON UPDATE current_timestamp(),
          KEY `a` (`on`),
          CONSTRAINT `a` FOREIGN KEY (`on`) REFERENCES `on``e` (`delete`) ON DELETE SET NULL ON UPDATE CASCADE,
          CONSTRAINT `b` FOREIGN KEY (`id`, `on`) REFERENCES `u` (`a`, `b`),
          CONSTRAINT `it's ``c``` FOREIGN KEY (`id`) REFERENCES `u` (`id`) ON UPDATE NO ACTION,
          CONSTRAINT `d` CHECK (`id` > 0)
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='on delete cascade'
        """;

    [Theory]
    [InlineData("a", "CASCADE", "SET NULL")]
    [InlineData("b", "RESTRICT", "RESTRICT")]
    [InlineData("it's `c`", "NO ACTION", "RESTRICT")]
    [InlineData("d", "RESTRICT", "RESTRICT")]
    [InlineData("none", "RESTRICT", "RESTRICT")]
    public void Rules_are_those_of_the_key(string key, string onUpdate, string onDelete) =>
        Assert.Equal(new MySqlKeyRules(onUpdate, onDelete), MySqlKeyRules.Of(Create, key));

    [Fact]
    public void A_definition_may_end_anywhere()
    {
        for (var length = 0; length < Create.Length; length++)
        {
            var rules = MySqlKeyRules.Of(Create[..length], "a");
            Assert.True(rules.OnUpdate == "RESTRICT" || "CASCADE".StartsWith(rules.OnUpdate, StringComparison.Ordinal), rules.OnUpdate);
        }
    }
}
