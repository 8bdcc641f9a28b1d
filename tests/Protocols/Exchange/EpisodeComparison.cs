using System.Runtime.InteropServices;
using NUnit.Framework;
using Sim.Environments.Episodes;
using Sim.Environments.Spaces;

namespace Sim.Tests.Protocols.Exchange;

/// <summary>Whether a set came back from a file as it went in, bit for bit.</summary>
internal static class EpisodeComparison
{
    /// <summary>Compares all that a set says; actions only where they are kept bit for bit.</summary>
    public static void AreAlike(EpisodeSet found, EpisodeSet expected, bool actions = true)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That((found.Environment, found.Version, found.ControlPeriod, found.TimeLimit, found.Settings),
                Is.EqualTo((expected.Environment, expected.Version, expected.ControlPeriod, expected.TimeLimit, expected.Settings)));
            AreAlike(found.Observation, expected.Observation);
            AreAlike(found.Action, expected.Action);
            Assert.That(found.Info?.Labels, Is.EqualTo(expected.Info?.Labels));
            Assert.That(found.InfoNames, Is.EqualTo(expected.InfoNames));
        }
        var (ours, theirs) = (found.Episodes.ToArray(), expected.Episodes.ToArray());
        Assert.That(ours, Has.Length.EqualTo(theirs.Length));
        for (int i = 0; i < ours.Length; i++)
            AreAlike(ours[i], theirs[i], actions, $"episode {i}");
    }

    private static void AreAlike(RecordedEpisode found, RecordedEpisode expected, bool actions, string what)
    {
        using var scope = Assert.EnterMultipleScope();
        Assert.That((found.Length, found.Start, found.Operator), Is.EqualTo((expected.Length, expected.Start, expected.Operator)), what);
        Assert.That(found.Options, Is.EquivalentTo(expected.Options), what);
        Assert.That(found.Observations.Select(group => group.Name), Is.EqualTo(expected.Observations.Select(group => group.Name)), what);
        foreach (var (ours, theirs) in found.Observations.Zip(expected.Observations))
        {
            AreAlike(ours.Space, theirs.Space);
            Assert.That(ours.Rows.AsSpan().SequenceEqual(theirs.Rows), Is.True, $"{what}, {ours.Name}");
        }
        if (actions)
            Assert.That(Bits(found.Actions), Is.EqualTo(Bits(expected.Actions)), what);
        Assert.That(found.Choices, Is.EqualTo(expected.Choices), what);
        Assert.That(Bits(found.Rewards), Is.EqualTo(Bits(expected.Rewards)), what);
        Assert.That(found.Terminated, Is.EqualTo(expected.Terminated), what);
        Assert.That(found.Truncated, Is.EqualTo(expected.Truncated), what);
        Assert.That(found.Success, Is.EqualTo(expected.Success), what);
        Assert.That(Bits(found.Info), Is.EqualTo(Bits(expected.Info)), what);
    }

    public static void AreAlike(Space found, Space expected)
    {
        Assert.That(found.GetType(), Is.EqualTo(expected.GetType()));
        switch (expected)
        {
            case Box box:
                var ours = (Box)found;
                Assert.That(ours.Shape, Is.EqualTo(box.Shape));
                Assert.That(ours.Type, Is.EqualTo(box.Type));
                Assert.That(Bits([.. ours.Low, .. ours.High]), Is.EqualTo(Bits([.. box.Low, .. box.High])));
                Assert.That(ours.Labels, Is.EqualTo(box.Labels));
                break;
            case Dict dict:
                Assert.That(((Dict)found).Entries.Select(entry => entry.Name), Is.EqualTo(dict.Entries.Select(entry => entry.Name)));
                foreach (var (entry, same) in ((Dict)found).Entries.Zip(dict.Entries)) AreAlike(entry.Space, same.Space);
                break;
            default:
                Assert.That(found.ToString(), Is.EqualTo(expected.ToString()));
                break;
        }
    }

    /// <summary>Floats as their bits, so that −0 is not 0 and a NaN is itself.</summary>
    private static uint[] Bits(ReadOnlySpan<float> numbers) => MemoryMarshal.Cast<float, uint>(numbers).ToArray();
}
