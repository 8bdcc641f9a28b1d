using System.ComponentModel.DataAnnotations;
using Sim.Environments.Classic.Experts;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Environments.Classic;

/// <summary>What a step of <c>cartpole</c> is worth.</summary>
public enum CartPoleReward
{
    /// <summary>1 for every step, the last included.</summary>
    Upright,

    /// <summary>0 for every step and −1 for the one that fails: Gymnasium's <c>sutton_barto_reward</c>.</summary>
    SuttonBarto,
}

/// <summary>Configuration of <c>cartpole</c>.</summary>
public record struct CartPoleSettings()
{
    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 500;

    /// <summary>Least start value of each of the four state variables, m, m/s, rad, rad/s.</summary>
    [Range(-10f, 10f)] public float Low { get; init; } = -0.05f;

    /// <summary>Greatest start value of each of the four state variables, m, m/s, rad, rad/s.</summary>
    [Range(-10f, 10f)] public float High { get; init; } = 0.05f;

    public CartPoleReward Reward { get; init; } = CartPoleReward.Upright;

    /// <summary>Gravity, m/s².</summary>
    [Range(0f, 100f)] public float Gravity { get; init; } = 9.8f;

    /// <summary>Mass of the cart, kg.</summary>
    [Range(0.01f, 100f)] public float CartMass { get; init; } = 1f;

    /// <summary>Mass of the pole, kg.</summary>
    [Range(0.001f, 100f)] public float PoleMass { get; init; } = 0.1f;

    /// <summary>Half the length of the pole, m.</summary>
    [Range(0.01f, 10f)] public float HalfLength { get; init; } = 0.5f;

    /// <summary>Force on the cart, N, to the right for action 1 and to the left for action 0.</summary>
    [Range(0f, 1000f)] public float Force { get; init; } = 10f;

    /// <summary>Control period and integration step, s.</summary>
    [Range(0.001f, 0.1f)] public float Dt { get; init; } = 0.02f;

    /// <summary>The episode ends when the cart is farther than this from the middle, m.</summary>
    [Range(0.1f, 100f)] public float PositionLimit { get; init; } = 2.4f;

    /// <summary>The episode ends when the pole leans more than this, rad.</summary>
    [Range(0.01f, 3f)] public float AngleLimit { get; init; } = 12 * MathF.PI / 180;
}

/// <summary>State of <c>cartpole</c>, which is also its observation.</summary>
public struct CartPoleState<T> where T : unmanaged, ILane<T>
{
    /// <summary>Of the cart, m and m/s; to the right.</summary>
    public T Position, Velocity;

    /// <summary>Of the pole from upright, rad and rad/s; to the right.</summary>
    public T Angle, AngularVelocity;
}

/// <summary>Reward terms of <c>cartpole</c>.</summary>
public struct CartPoleRewardTerms<T> where T : unmanaged, ILane<T>
{
    public T Upright, Failure;
}

/// <summary>
/// Keep a pole upright on a cart by pushing the cart left or right: Barto, Sutton and Anderson, "Neuronlike Adaptive
/// Elements That Can Solve Difficult Learning Control Problems", IEEE Trans. SMC 13 (1983), with the constants and
/// the explicit Euler step of Gymnasium's CartPole-v1.
/// </summary>
public readonly struct CartPoleTask<T>
    : ILaneTask<T, CartPoleTask<T>, CartPoleState<T>, Choice<T>, CartPoleState<T>, CartPoleRewardTerms<T>, CartPoleSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out CartPoleState<T> state, in LaneRandom<T> random, in CartPoleSettings settings)
    {
        var draws = random.Stream(RandomStream.StartState);
        state.Position = draws.Uniform(settings.Low, settings.High);
        state.Velocity = draws.Uniform(settings.Low, settings.High);
        state.Angle = draws.Uniform(settings.Low, settings.High);
        state.AngularVelocity = draws.Uniform(settings.Low, settings.High);
    }

    public static void Step(ref CartPoleState<T> state, in Choice<T> action, in LaneRandom<T> random, in CartPoleSettings settings,
        out CartPoleRewardTerms<T> reward, out StepEnd<T> end)
    {
        float mass = settings.CartMass + settings.PoleMass, poleMoment = settings.PoleMass * settings.HalfLength;
        T push = T.Select(action.Index > 0.5f, T.Of(settings.Force), T.Of(-settings.Force));
        SinCos(state.Angle, out T sin, out T cos);
        T pushed = (push + poleMoment * Square(state.AngularVelocity) * sin) / mass;
        T angularAcceleration = (settings.Gravity * sin - cos * pushed)
            / (settings.HalfLength * (4f / 3f - settings.PoleMass * Square(cos) / mass));
        T acceleration = pushed - poleMoment * angularAcceleration * cos / mass;

        // Both positions move with the rates from before the step, as in the source.
        state.Position += settings.Dt * state.Velocity;
        state.Velocity += settings.Dt * acceleration;
        state.Angle += settings.Dt * state.AngularVelocity;
        state.AngularVelocity += settings.Dt * angularAcceleration;

        T zero = T.Of(0);
        end.Terminated = (T.Abs(state.Position) > settings.PositionLimit) | (T.Abs(state.Angle) > settings.AngleLimit);
        end.Success = zero;
        bool upright = settings.Reward == CartPoleReward.Upright;
        // Floats on both sides: the PTX compiler turns a truth value made a float into the bits of an integer.
        reward.Upright = T.Of(upright ? 1f : 0f);
        reward.Failure = T.Select(end.Terminated, T.Of(upright ? 0f : -1f), zero);
    }

    public static void Observe(in CartPoleState<T> state, in LaneRandom<T> random, in CartPoleSettings settings, out CartPoleState<T> observation)
        => observation = state;
}

/// <summary>Registry row of <c>cartpole</c>.</summary>
public static class CartPole
{
    public static LaneDefinition<CartPoleSettings> Definition { get; } = new("cartpole", typeof(CartPoleTask<>))
    {
        Summary = "Keep a pole upright on a cart by pushing the cart left or right.",
        AlsoKnownAs = ["CartPole-v1"],
        Action = new Discrete(2),
        ObservationBounds = settings =>
        [
            (-2 * settings.PositionLimit, 2 * settings.PositionLimit),
            (float.NegativeInfinity, float.PositiveInfinity),
            (-2 * settings.AngleLimit, 2 * settings.AngleLimit),
            (float.NegativeInfinity, float.PositiveInfinity),
        ],
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = settings => settings.Dt,
        RewardRange = settings => settings.Reward == CartPoleReward.Upright ? (1, 1) : (-1, 0),
        SolvedAt = 475,
        Check = settings => StartRange.Check(settings.Low, settings.High),
        ScriptedExpert = environments => new CartPoleExpert(environments),
    };
}
