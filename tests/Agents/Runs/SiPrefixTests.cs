using NUnit.Framework;
using Sim.Agents.Runs;

namespace Sim.Tests.Agents.Runs;

public sealed class SiPrefixTests
{
    [TestCase(0, "0")]
    [TestCase(0.25, "0.25")]
    [TestCase(-12.345, "-12.3")]
    [TestCase(999.6, "1 k")]
    [TestCase(310_400, "310 k")]
    [TestCase(999_999, "1 M")]
    [TestCase(4_130_000, "4.13 M")]
    [TestCase(-2e9, "-2 G")]
    public void Three_digits_and_a_prefix(double value, string text)
        => Assert.That(SiPrefix.Format(value), Is.EqualTo(text));
}
