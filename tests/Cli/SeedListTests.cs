using NUnit.Framework;
using Sim.Cli;
using Sim.Cli.Parsing;

namespace Sim.Tests.Cli;

public sealed class SeedListTests
{
    [TestCase("0-4", new ulong[] { 0, 1, 2, 3, 4 })]
    [TestCase("1,3,5", new ulong[] { 1, 3, 5 })]
    [TestCase("7", new ulong[] { 7 })]
    [TestCase("10, 0-2", new ulong[] { 10, 0, 1, 2 })]
    public void Ranges_and_single_seeds_are_read(string text, ulong[] seeds)
        => Assert.That(SeedList.Parse(text), Is.EqualTo(seeds));

    [TestCase("", "is no list of seeds")]
    [TestCase("a", "is no list of seeds")]
    [TestCase("1-", "is no list of seeds")]
    [TestCase("-1", "is no list of seeds")]
    [TestCase("1-2-3", "is no list of seeds")]
    [TestCase("1,,2", "is no list of seeds")]
    [TestCase("9999999999999999999", "is no list of seeds")]
    [TestCase("4-0", "runs backwards: write 0-4")]
    [TestCase("0-1000", "more than 1000 seeds")]
    [TestCase("0-9223372036854775807", "more than 1000 seeds")]
    [TestCase("1,0-3", "Seed 1 stands twice")]
    public void Anything_else_is_refused(string text, string message)
        => Assert.That(() => SeedList.Parse(text), Throws.TypeOf<BadInputException>().With.Message.Contains(message));
}
