using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Checking;

namespace Sim.Tests.Environments.Checking;

/// <summary>Every registered environment passes the checker, and the checker finds what is broken.</summary>
public sealed class EnvironmentCheckerTests
{
    private static IEnumerable<string> Ids => Registry.All.Select(definition => definition.Id);

    [TestCaseSource(nameof(Ids))]
    public void A_registered_environment_has_no_problems(string id)
    {
        var problems = EnvironmentChecker.Check(Registry.Find(id));
        Assert.That(problems, Is.Empty, string.Join("\n", problems));
    }

    private static IEnumerable<TestCaseData> Breakages()
    {
        yield return Breaking("cartpole", new Breakage { AfterStep = inner => inner.Observations.Row(0)[0] = 5 }, "observation leaves its space");
        yield return Breaking("cartpole", new Breakage { AfterStep = inner => inner.Observations.Row(2)[1] = float.NaN }, "observation is not finite");
        yield return Breaking("pendulum", new Breakage { AfterStep = inner => inner.Rewards[1] += 0.01f }, "the reward is not the sum of its terms");
        yield return Breaking("mountain-car", new Breakage { AfterStep = inner => inner.Rewards.Fill(1) }, "the reward leaves its range");
        yield return Breaking("mountain-car", new Breakage { AfterStep = inner => inner.Truncated.Clear() }, "the time limit does not truncate");
        yield return Breaking("mountain-car", new Breakage { AfterStep = inner => inner.Truncated.Fill(true) }, "an episode is truncated before its time limit");
        yield return Breaking("cartpole", new Breakage { AfterStep = inner => inner.EpisodeReturns[0] += 1 }, "the episode return is not the sum of its rewards");
        yield return Breaking("cartpole", new Breakage { AfterStep = inner => inner.EpisodeLengths[0]++ }, "the episode length is wrong");
        yield return Breaking("cartpole", new Breakage { AfterStep = inner => inner.Observations.Floats.CopyTo(inner.FinalObservations.Floats) }, "the final observation is always the new episode's first");
        yield return Breaking("cartpole", new Breakage { AfterStep = inner => inner.FinalObservations.Floats.Fill(0.01f) }, "the final observation is not the last one of its episode");
        yield return Breaking("cartpole", new Breakage { AfterStep = inner => inner.IsSuccess.Fill(true) }, "is_success is set though the spec has no success");
        yield return Breaking("pendulum", new Breakage { Seed = seed => 0 }, "lane k of a batch is not the single environment with seed + k");
        yield return Breaking("pendulum", new Breakage { Seed = LastSeedAgain() }, "a reset without a seed repeats the episode");
        yield return Breaking("pendulum", new Breakage { Mask = false }, "a masked reset touches lanes outside its mask");
        yield return Breaking("pendulum", new Breakage { Restore = false }, "a restored snapshot does not continue bit for bit");
        yield return Breaking("pendulum", new Breakage { EpisodeNumbers = false }, "an episode begun by seed and number is not the one that resets lead to");
        yield return Breaking("pendulum", new Breakage { SharedClone = true }, "stepping the original moves its clone");
        yield return Breaking("pendulum", new Breakage { AfterStep = inner => inner.Faulted.Clear() }, "a NaN action does not fault its lane");
        yield return Breaking("cartpole", new Breakage { AfterStep = inner => { if (inner.Faulted.Contains(true)) inner.Rewards.Fill(0.5f); } }, "an action below 0 harms its neighbours");
        yield return Breaking("cartpole", new Breakage { AfterStep = inner => { if (inner.Autoreset == AutoresetMode.NextStep) inner.Rewards.Fill(1); } }, "NextStep gives its reset row a reward or a flag");
        yield return Breaking("cartpole", new Breakage { AfterStep = inner => { if (inner.Autoreset == AutoresetMode.Disabled) inner.Rewards.Fill(1); } }, "Disabled gives an ended lane a reward or drops its flags");
        yield return Breaking("cartpole", new Breakage { StepBeforeReset = true }, "a step before the first reset does not throw InvalidOperationException");
    }

    private static TestCaseData Breaking(string id, Breakage breakage, string problem)
        => new TestCaseData(id, breakage, problem).SetArgDisplayNames(id, problem);

    private static Func<ulong?, ulong?> LastSeedAgain()
    {
        ulong? last = null;
        return seed => last = seed ?? last;
    }

    [TestCaseSource(nameof(Breakages))]
    public void A_broken_environment_is_found_out(string id, object breakage, string problem)
    {
        var problems = EnvironmentChecker.Check(new BrokenDefinition(Registry.Find(id), (Breakage)breakage));
        Assert.That(problems, Has.Some.StartsWith(problem), string.Join("\n", problems));
    }

    [Test]
    public void An_environment_that_throws_is_reported_and_not_thrown()
    {
        var breakage = new Breakage { AfterStep = _ => throw new InvalidDataException("no more") };
        var problems = EnvironmentChecker.Check(new BrokenDefinition(Registry.Find("cartpole"), breakage));
        Assert.That(problems, Has.Some.Contains("InvalidDataException: no more"));
    }
}
