using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Checking;
using Sim.Environments.Lanes;
using Sim.Environments.Lanes.Gpu;
using Sim.Environments.Spaces;
using Sim.Physics.Gpu;
using Sim.Physics.Numerics;
using Sim.Tests.Environments.Checking;
using Sim.Tests.Physics.Gpu;

namespace Sim.Tests.Environments.Contract;

/// <summary>Info outputs: shown beside the observation, never part of it.</summary>
public sealed class InfoOutputTests
{
    private const int Approach = 0, Load = 1, Return = 2;

    [Test]
    public void The_spec_names_info_outputs_their_limits_and_their_categories()
    {
        var spec = Parcel.Definition.Describe(new ParcelSettings());
        Assert.That(spec.Info!.Labels, Is.EqualTo(new[] { "phase", "remaining_steps" }));
        Assert.That(spec.Info.Low, Is.EqualTo(new[] { 0f, 0 }));
        Assert.That(spec.Info.High, Is.EqualTo(new[] { 2, float.PositiveInfinity }));
        Assert.That(spec.InfoNames["phase"], Is.EqualTo(new[] { "approach", "load", "return" }));
        Assert.That(((Dict)spec.Observation).Entries.Select(entry => entry.Name), Is.EqualTo(new[] { "observation", "privileged" }));
    }

    [Test]
    public void Info_outputs_are_no_observation_group_and_need_no_asking()
    {
        using var environments = Parcel.Definition.Create(new() { Count = 2 });
        Assert.That(environments.Groups.Select(group => group.Name), Is.EqualTo(new[] { "observation" }));
        Assert.That(environments.Shown.Select(group => group.Name), Is.EqualTo(new[] { "observation", "info" }));
        Assert.That(environments.Observations.Columns, Is.EqualTo(2));
    }

    [Test]
    public void A_task_without_info_outputs_has_none()
    {
        using var environments = Registry.Make("cartpole");
        Assert.That(environments.Info, Is.Null);
        Assert.That(environments.Spec.Info, Is.Null);
        Assert.That(environments.Spec.InfoNames, Is.Empty);
    }

    [Test]
    public void The_phase_follows_the_episode_and_its_last_one_is_kept_beside_the_next_episodes_first()
    {
        using var environments = Parcel.Definition.Create(new() { Count = 1, Seed = 4, Privileged = true });
        using var expert = Parcel.Definition.ScriptedExpert!(environments);
        environments.Reset();
        var phases = new List<float> { environments.Info!.Current.Row(0)[0] };
        while (!environments.Terminated[0])
        {
            expert.Act(environments);
            environments.Step();
            phases.Add((environments.Terminated[0] ? environments.Info.Final : environments.Info.Current).Row(0)[0]);
        }
        Assert.That(phases, Is.Ordered);
        Assert.That(phases.Distinct(), Is.EqualTo(new float[] { Approach, Load, Return }));
        Assert.That(environments.Info.Current.Row(0)[0], Is.EqualTo(Approach));
    }

    [Test]
    public void A_task_with_info_outputs_keeps_the_contract()
    {
        var problems = EnvironmentChecker.Check(Parcel.Definition);
        Assert.That(problems, Is.Empty, string.Join("\n", problems));
    }

    private static IEnumerable<TestCaseData> Breakages()
    {
        yield return Breaking(info => info.Current.Row(0)[0] = 0.5f, "info is between two names");
        yield return Breaking(info => info.Current.Row(0)[0] = 3, "info leaves its space");
        yield return Breaking(info => info.Final.Floats.Fill(1), "the final observation is not the last one of its episode");
    }

    private static TestCaseData Breaking(Action<ObservationGroup> spoil, string problem)
        => new TestCaseData(new Breakage { AfterStep = inner => spoil(inner.Info!) }, problem).SetArgDisplayNames(problem);

    [TestCaseSource(nameof(Breakages))]
    public void The_checker_finds_broken_info_outputs(object breakage, string problem)
    {
        var problems = EnvironmentChecker.Check(new BrokenDefinition(Parcel.Definition, (Breakage)breakage));
        Assert.That(problems, Has.Some.StartsWith(problem), string.Join("\n", problems));
    }

    [Test]
    public void Lane_width_and_threads_change_no_bit_of_info_outputs()
    {
        using var scalar = Parcel.Definition.Create(new() { Count = 35, Lanes = 1 });
        ulong[] expected = TrajectoryHash.Of(scalar, 200, out _);
        foreach (int width in (int[])[8, 16])
        {
            using var batch = Parcel.Definition.Create(new() { Count = 35, Lanes = width, Threads = 2 });
            Assert.That(TrajectoryHash.Of(batch, 200, out _), Is.EqualTo(expected), $"width {width}");
        }
    }

    [Test]
    public void A_step_that_writes_info_outputs_allocates_nothing([Values] AutoresetMode mode)
    {
        using var environments = Parcel.Definition.Create(new() { Count = 20, Autoreset = mode });
        environments.Reset();
        for (int step = 0; step < 70; step++) environments.Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 130; step++) environments.Step();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void PTX_writes_info_outputs_as_the_scalar_batch_does()
    {
        const int Count = 4, Steps = 130;
        using var context = new CudaContext(SoftwareDriver.Open(executes: true));
        using var gpu = new LaneGpuBatch(context, Parcel.Definition, Count);
        using var cpu = Parcel.Definition.Create(new() { Count = Count, Lanes = 1, Privileged = true });
        var found = LaneGpuComparison.Run(gpu, cpu, Steps, seed: 3);
        Assert.That(gpu.ObservationFields, Is.EqualTo(5));
        Assert.That(found.Identical, Is.EqualTo(Count), found.ToString());
    }

    [Test]
    public void Names_of_an_output_that_the_task_does_not_have_are_refused()
    {
        var definition = new LaneDefinition<ParcelSettings>("parcel", typeof(ParcelTask<>))
        {
            Summary = "Fetch a parcel.",
            Action = Box.Symmetric(1),
            InfoNames = { ["stage"] = ["approach"] },
            TimeLimit = _ => 60,
            ControlPeriod = _ => 0.1f,
        };
        Assert.That(() => definition.Describe(new ParcelSettings()),
            Throws.ArgumentException.With.Message.Contains("'stage'; there are phase, remaining_steps"));
    }

    [Test]
    public void Info_outputs_before_an_observation_group_are_refused()
        => Assert.That(() => new LaneDefinition<ParcelSettings>("misplaced", typeof(MisplacedTask<>))
        {
            Summary = "",
            Action = Box.Symmetric(1),
            TimeLimit = _ => 60,
            ControlPeriod = _ => 0.1f,
        }, Throws.ArgumentException.With.Message.Contains("stands last"));
}

/// <summary>Info outputs where they may not stand.</summary>
public struct MisplacedObservation<T> where T : unmanaged, ILane<T>
{
    public ParcelInfo<T> Info;
    public ParcelView<T> Observation;
}

/// <summary>Shows <see cref="MisplacedObservation{T}"/>.</summary>
public readonly struct MisplacedTask<T>
    : ILaneTask<T, MisplacedTask<T>, ParcelState<T>, ParcelAction<T>, MisplacedObservation<T>, ParcelReward<T>, ParcelSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out ParcelState<T> state, in LaneRandom<T> random, in ParcelSettings settings)
        => ParcelTask<T>.Reset(out state, in random, in settings);

    public static void Step(ref ParcelState<T> state, in ParcelAction<T> action, in LaneRandom<T> random,
        in ParcelSettings settings, out ParcelReward<T> reward, out StepEnd<T> end)
        => ParcelTask<T>.Step(ref state, in action, in random, in settings, out reward, out end);

    public static void Observe(in ParcelState<T> state, in LaneRandom<T> random, in ParcelSettings settings, out MisplacedObservation<T> observation)
    {
        ParcelTask<T>.Observe(in state, in random, in settings, out var whole);
        observation.Info = whole.Info;
        observation.Observation = whole.Observation;
    }
}
