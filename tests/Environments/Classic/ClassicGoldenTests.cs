using NUnit.Framework;
using Sim.Environments.Classic;
using Sim.Environments.Lanes;
using Sim.Physics.Numerics;

namespace Sim.Tests.Environments.Classic;

/// <summary>
/// Single steps against transitions recorded from Gymnasium 1.4.0. Tolerances are four times the largest error that an
/// independent float32 implementation of the same equations showed on the same transitions.
/// </summary>
public sealed class ClassicGoldenTests
{
    [Test]
    public void Cart_pole_steps_as_Gymnasium_does()
    {
        var golden = GoldenTransitions.Read("cartpole");
        var results = AtEveryWidth(golden, Run<Lane1>, Run<Lane8>, Run<Lane16>);
        // Steps taken after the fall are worth 0 in the source; a batch never takes them.
        var settings = new CartPoleSettings();
        bool Fallen(GoldenTransition row) => Math.Abs(row.Before[0]) > settings.PositionLimit || Math.Abs(row.Before[2]) > settings.AngleLimit;
        Assert.That(golden.Count(Fallen), Is.GreaterThan(0));
        Compare(golden, results, state: 4 * 1.4e-7, observation: 4 * 1.2e-7, reward: 0, angles: [], row => !Fallen(row));

        static StepResult[] Run<T>((float[], float)[] starts) where T : unmanaged, ILane<T>
            => TaskStep.Run<T, CartPoleTask<T>, CartPoleState<T>, Choice<T>, CartPoleState<T>, CartPoleRewardTerms<T>, CartPoleSettings>(starts, new());
    }

    [Test]
    public void Pendulum_steps_as_Gymnasium_does()
    {
        var golden = GoldenTransitions.Read("pendulum");
        var results = AtEveryWidth(golden, Run<Lane1>, Run<Lane8>, Run<Lane16>);
        Compare(golden, results, state: 4 * 1.7e-6, observation: 4 * 1.7e-6, reward: 4 * 1.4e-5, angles: [0], _ => true);

        static StepResult[] Run<T>((float[], float)[] starts) where T : unmanaged, ILane<T>
            => TaskStep.Run<T, PendulumTask<T>, PendulumState<T>, PendulumAction<T>, PendulumObservation<T>, PendulumReward<T>, PendulumSettings>(starts, new());
    }

    [Test]
    public void Acrobot_steps_as_Gymnasium_does()
    {
        var golden = GoldenTransitions.Read("acrobot");
        var results = AtEveryWidth(golden, Run<Lane1>, Run<Lane8>, Run<Lane16>);
        Compare(golden, results, state: 4 * 2.7e-6, observation: 4 * 1.9e-6, reward: 0, angles: [0, 1], _ => true);

        static StepResult[] Run<T>((float[], float)[] starts) where T : unmanaged, ILane<T>
            => TaskStep.Run<T, AcrobotTask<T>, AcrobotState<T>, Choice<T>, AcrobotObservation<T>, AcrobotReward<T>, AcrobotSettings>(starts, new());
    }

    [Test]
    public void Mountain_car_steps_as_Gymnasium_does()
    {
        var golden = GoldenTransitions.Read("mountaincar");
        var results = AtEveryWidth(golden, Run<Lane1>, Run<Lane8>, Run<Lane16>);
        Compare(golden, results, state: 4 * 1.1e-7, observation: 4 * 1.2e-7, reward: 0, angles: [], _ => true);

        static StepResult[] Run<T>((float[], float)[] starts) where T : unmanaged, ILane<T>
            => TaskStep.Run<T, MountainCarTask<T>, MountainCarState<T>, Choice<T>, MountainCarState<T>, MountainCarReward<T>, MountainCarSettings>(starts, new());
    }

    [Test]
    public void Continuous_mountain_car_steps_as_Gymnasium_does()
    {
        var golden = GoldenTransitions.Read("mountaincar_continuous");
        var results = AtEveryWidth(golden, Run<Lane1>, Run<Lane8>, Run<Lane16>);
        // A reward near 100 is rounded to float32, 3.8e-6 at most; the table's 1e-8 holds for the rest.
        Compare(golden, results, state: 4 * 3e-8, observation: 4 * 3e-8, reward: 4 * 1e-8, angles: [], row => row.Terminated == 0);
        Compare(golden, results, state: 4 * 3e-8, observation: 4 * 3e-8, reward: 3.8e-6, angles: [], row => row.Terminated == 1);

        static StepResult[] Run<T>((float[], float)[] starts) where T : unmanaged, ILane<T>
            => TaskStep.Run<T, MountainCarContinuousTask<T>, MountainCarState<T>, MountainCarContinuousAction<T>, MountainCarState<T>,
                MountainCarContinuousReward<T>, MountainCarContinuousSettings>(starts, new());
    }

    /// <summary>The scalar results, after the wide ones have been found equal bit for bit.</summary>
    private static StepResult[] AtEveryWidth(IReadOnlyList<GoldenTransition> golden, params Func<(float[], float)[], StepResult[]>[] widths)
    {
        (float[], float)[] starts = [.. golden.Select(row => (row.Before.Select(value => (float)value).ToArray(), (float)row.Action))];
        var scalar = widths[0](starts);
        foreach (var width in widths.Skip(1))
        {
            var wide = width(starts);
            for (int i = 0; i < scalar.Length; i++)
            {
                Assert.That(wide[i].State.Select(BitConverter.SingleToUInt32Bits), Is.EqualTo(scalar[i].State.Select(BitConverter.SingleToUInt32Bits)), $"state of row {i}");
                Assert.That(wide[i].Observation.Select(BitConverter.SingleToUInt32Bits), Is.EqualTo(scalar[i].Observation.Select(BitConverter.SingleToUInt32Bits)), $"observation of row {i}");
                Assert.That((wide[i].Reward, wide[i].Terminated), Is.EqualTo((scalar[i].Reward, scalar[i].Terminated)), $"row {i}");
            }
        }
        return scalar;
    }

    private static void Compare(IReadOnlyList<GoldenTransition> golden, StepResult[] results, double state, double observation,
        double reward, int[] angles, Func<GoldenTransition, bool> compareReward)
    {
        using var scope = Assert.EnterMultipleScope();
        for (int row = 0; row < golden.Count; row++)
        {
            for (int i = 0; i < golden[row].After.Length; i++)
            {
                double error = results[row].State[i] - golden[row].After[i];
                if (angles.Contains(i)) error = Math.IEEERemainder(error, 2 * Math.PI);
                Assert.That(error, Is.Zero.Within(state), $"row {row}, state {i}");
            }
            for (int i = 0; i < golden[row].Obs.Length; i++)
                Assert.That(results[row].Observation[i], Is.EqualTo(golden[row].Obs[i]).Within(observation), $"row {row}, observation {i}");
            if (compareReward(golden[row]))
                Assert.That(results[row].Reward, Is.EqualTo(golden[row].Reward).Within(reward), $"row {row}, reward");
            Assert.That(results[row].Terminated, Is.EqualTo(golden[row].Terminated == 1), $"row {row}, terminated");
        }
    }
}
