using NUnit.Framework;
using Sim.Agents.Phases;
using Sim.Environments;
using Sim.Environments.Episodes;
using Sim.Tests.Environments.Contract;
using TorchSharp;

namespace Sim.Tests.Agents.Phases;

/// <summary>A sequence model tells the phase, the next one and the steps to go.</summary>
public sealed class PhaseRecogniserTests
{
    private static readonly Lazy<EpisodeSet> s_episodes = new(() => EpisodeCollector.Collect(
        Parcel.Definition, environments => new NoisyActor(Parcel.Definition.ScriptedExpert!(environments), 0.2f), episodes: 60, seed: 5));

    private static PhaseData Data => PhaseData.Of([s_episodes.Value]);

    [Test]
    public void Phases_of_unseen_episodes_are_recognised_and_foreseen()
    {
        var report = Train(new PhaseSettings { Epochs = 20 });
        Assert.That((report.TrainingEpisodes, report.ValidationEpisodes), Is.EqualTo((54, 6)));
        Assert.That(report.Moments, Is.EqualTo(report.Phases.Sum(phase => phase.Moments)));
        Assert.That(report.MajorityAccuracy, Is.InRange(0.3, 0.6), "no phase may be so frequent that guessing does");
        // Whether the parcel is loaded is seen only from what came before, so that no single look tells load from return
        // at the parcel: one moment in ten wrong is more than a network that counts makes, and half of what guessing does.
        Assert.That(report.Accuracy, Is.GreaterThan(0.9));
        Assert.That(report.MacroF1, Is.GreaterThan(0.85));
        Assert.That(report.NextAccuracy, Is.GreaterThan(0.9));
        Assert.That(report.Remaining, Is.EqualTo("steps of the expert's plan"));
        Assert.That(report.RemainingError, Is.LessThan(report.RemainingMedianError / 2));
    }

    [Test]
    public void Equal_seeds_give_equal_reports_and_another_seed_another()
    {
        var settings = new PhaseSettings { Epochs = 2, Hidden = 16 };
        var (first, second, other) = (Train(settings), Train(settings), Train(settings with { Seed = 2 }));
        Assert.That(second.Phases, Is.EqualTo(first.Phases));
        Assert.That((second.NextAccuracy, second.RemainingError), Is.EqualTo((first.NextAccuracy, first.RemainingError)));
        Assert.That(other.RemainingError, Is.Not.EqualTo(first.RemainingError));
    }

    [Test]
    public void Training_and_judging_leave_no_tensor_behind()
    {
        long before = torch.Tensor.TotalCount;
        using (var recogniser = new PhaseRecogniser(Data, new PhaseSettings { Hidden = 8 }))
        {
            recogniser.Train();
            recogniser.Judge();
            long afterFirst = torch.Tensor.TotalCount;
            recogniser.Train();
            recogniser.Judge();
            Assert.That(torch.Tensor.TotalCount, Is.EqualTo(afterFirst));
        }
        // TorchSharp goes on counting the tensor that each weight and bias of the three heads was made from, whose
        // memory the parameter has taken over.
        Assert.That(torch.Tensor.TotalCount, Is.LessThanOrEqualTo(before + 6));
    }

    [Test]
    public void The_next_phase_is_the_next_other_one_and_steps_are_counted_to_it()
    {
        var sequence = PhaseSequence.Of([], [0, 0, 2, 2, 2, 0], plan: null);
        Assert.That(sequence.Next, Is.EqualTo(new[] { 2, 2, 0, 0, 0, -1 }));
        Assert.That(sequence.Remaining, Is.EqualTo(new[] { 2, 1, 3, 2, 1, 1 }));
    }

    [Test]
    public void Critics_secrets_are_not_among_the_inputs()
        => Assert.That((Data.Inputs, s_episodes.Value.Episodes.First().Observations.Count), Is.EqualTo((2, 2)));

    [Test]
    public void Whole_episodes_are_kept_out()
    {
        var split = PhaseSplit.Of(50, new PhaseSettings { Seed = 3 });
        Assert.That(split.Validation, Has.Length.EqualTo(5));
        Assert.That(split.Training.Concat(split.Validation), Is.EquivalentTo(Enumerable.Range(0, 50)));
        Assert.That(PhaseSplit.Of(2, new PhaseSettings { ValidationFraction = 0.01f }).Validation, Has.Length.EqualTo(1));
    }

    [Test]
    public void Episodes_without_a_phase_are_refused_in_words()
    {
        var set = EpisodeCollector.Collect(Registry.Find("cartpole"), Registry.Find("cartpole").Expert!, episodes: 2);
        Assert.That(() => PhaseData.Of([set]), Throws.ArgumentException.With.Message.Contains("cartpole do not tell a phase"));
        Assert.That(() => PhaseData.Of([s_episodes.Value with { Episodes = s_episodes.Value.Episodes.Take(1) }]),
            Throws.ArgumentException.With.Message.StartsWith("1 episodes are too few"));
    }

    [Test]
    public void A_damaged_episode_is_named()
    {
        var good = s_episodes.Value.Episodes.First();
        float[] beyond = [.. good.Info];
        beyond[4 * 2] = 7;
        Assert.That(() => PhaseData.Of([s_episodes.Value with { Episodes = [good, good with { Info = beyond }] }]),
            Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo("episode 1 is in phase 7 at step 4; there are 3"));
    }

    private static PhaseReport Train(PhaseSettings settings)
    {
        using var recogniser = new PhaseRecogniser(Data, settings);
        while (recogniser.Epoch < settings.Epochs) recogniser.Train();
        return recogniser.Judge();
    }
}
