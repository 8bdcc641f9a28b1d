using System.ComponentModel.DataAnnotations;
using Sim.Environments.Classic.Experts;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;
using static Sim.Physics.Numerics.LaneMath;

namespace Sim.Environments.Classic;

/// <summary>Which equations of motion <c>acrobot</c> follows.</summary>
public enum AcrobotEquations
{
    /// <summary>Sutton and Barto's book (1998).</summary>
    Book,

    /// <summary>Sutton's paper of 1995, which leaves out the centrifugal term of the second link.</summary>
    Nips,
}

/// <summary>Configuration of <c>acrobot</c>.</summary>
public record struct AcrobotSettings()
{
    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 500;

    /// <summary>Least start value of each of the four state variables, rad and rad/s.</summary>
    [Range(-10f, 10f)] public float Low { get; init; } = -0.1f;

    /// <summary>Greatest start value of each of the four state variables, rad and rad/s.</summary>
    [Range(-10f, 10f)] public float High { get; init; } = 0.1f;

    public AcrobotEquations Equations { get; init; } = AcrobotEquations.Book;

    /// <summary>Gravity, m/s².</summary>
    [Range(0f, 100f)] public float Gravity { get; init; } = 9.8f;
}

/// <summary>State of <c>acrobot</c>; its time derivative has the same form.</summary>
public struct AcrobotState<T> where T : unmanaged, ILane<T>
{
    /// <summary>Of the first link from hanging down, and of the second from the first, rad.</summary>
    public T Angle1, Angle2;

    /// <summary>rad/s.</summary>
    public T Speed1, Speed2;
}

/// <summary>Observation of <c>acrobot</c>.</summary>
public struct AcrobotObservation<T> where T : unmanaged, ILane<T>
{
    public T Cos1, Sin1, Cos2, Sin2;

    /// <summary>rad/s.</summary>
    public T Speed1, Speed2;
}

/// <summary>Reward terms of <c>acrobot</c>.</summary>
public struct AcrobotReward<T> where T : unmanaged, ILane<T>
{
    /// <summary>−1 for every step that does not reach the line.</summary>
    public T Time;
}

/// <summary>
/// Swing the free end of a two-link arm above a line by torque at the joint between the links: Sutton,
/// "Generalization in Reinforcement Learning: Successful Examples Using Sparse Coarse Coding", NIPS 8 (1995), in the
/// form of Gymnasium's Acrobot-v1.
/// </summary>
public readonly struct AcrobotTask<T>
    : ILaneTask<T, AcrobotTask<T>, AcrobotState<T>, Choice<T>, AcrobotObservation<T>, AcrobotReward<T>, AcrobotSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out AcrobotState<T> state, in LaneRandom<T> random, in AcrobotSettings settings)
    {
        var draws = random.Stream(RandomStream.StartState);
        state.Angle1 = WrapAngle(draws.Uniform(settings.Low, settings.High));
        state.Angle2 = WrapAngle(draws.Uniform(settings.Low, settings.High));
        state.Speed1 = draws.Uniform(settings.Low, settings.High);
        state.Speed2 = draws.Uniform(settings.Low, settings.High);
    }

    public static void Step(ref AcrobotState<T> state, in Choice<T> action, in LaneRandom<T> random, in AcrobotSettings settings,
        out AcrobotReward<T> reward, out StepEnd<T> end)
    {
        T torque = action.Index - 1f;
        Derivative(in state, torque, in settings, out var k1);
        Derivative(Moved(in state, in k1, Acrobot.Dt / 2), torque, in settings, out var k2);
        Derivative(Moved(in state, in k2, Acrobot.Dt / 2), torque, in settings, out var k3);
        Derivative(Moved(in state, in k3, Acrobot.Dt), torque, in settings, out var k4);
        const float Sixth = Acrobot.Dt / 6;
        state.Angle1 = WrapAngle(state.Angle1 + Sixth * (k1.Angle1 + 2f * (k2.Angle1 + k3.Angle1) + k4.Angle1));
        state.Angle2 = WrapAngle(state.Angle2 + Sixth * (k1.Angle2 + 2f * (k2.Angle2 + k3.Angle2) + k4.Angle2));
        state.Speed1 = Clamp(state.Speed1 + Sixth * (k1.Speed1 + 2f * (k2.Speed1 + k3.Speed1) + k4.Speed1), Acrobot.MaxSpeed1);
        state.Speed2 = Clamp(state.Speed2 + Sixth * (k1.Speed2 + 2f * (k2.Speed2 + k3.Speed2) + k4.Speed2), Acrobot.MaxSpeed2);

        // Height of the free end above the pivot, in links.
        T height = -Cos(state.Angle1) - Cos(state.Angle1 + state.Angle2);
        end.Terminated = end.Success = height > 1f;
        reward.Time = T.Select(end.Terminated, T.Of(0), T.Of(-1));
    }

    public static void Observe(in AcrobotState<T> state, in LaneRandom<T> random, in AcrobotSettings settings, out AcrobotObservation<T> observation)
    {
        SinCos(state.Angle1, out observation.Sin1, out observation.Cos1);
        SinCos(state.Angle2, out observation.Sin2, out observation.Cos2);
        observation.Speed1 = state.Speed1;
        observation.Speed2 = state.Speed2;
    }

    /// <summary>
    /// Sutton and Barto, "Reinforcement Learning" (1998), figure 11.4 with its equations, for links of length 1,
    /// mass 1, centre of mass at 0.5 and inertia 1.
    /// </summary>
    private static void Derivative(in AcrobotState<T> state, T torque, in AcrobotSettings settings, out AcrobotState<T> rate)
    {
        SinCos(state.Angle2, out T sin2, out T cos2);
        T d1 = cos2 + 3.5f, d2 = 0.5f * cos2 + 1.25f;
        T phi2 = 0.5f * settings.Gravity * Sin(state.Angle1 + state.Angle2);
        T phi1 = 1.5f * settings.Gravity * Sin(state.Angle1) + phi2
            - (0.5f * state.Speed2 + state.Speed1) * state.Speed2 * sin2;
        T ratio = d2 / d1;
        T pull = torque + ratio * phi1 - phi2;
        if (settings.Equations == AcrobotEquations.Book) pull -= 0.5f * Square(state.Speed1) * sin2;
        rate.Speed2 = pull / (1.25f - d2 * ratio);
        rate.Speed1 = -(d2 * rate.Speed2 + phi1) / d1;
        rate.Angle1 = state.Speed1;
        rate.Angle2 = state.Speed2;
    }

    private static AcrobotState<T> Moved(in AcrobotState<T> state, in AcrobotState<T> rate, float time)
    {
        AcrobotState<T> moved;
        moved.Angle1 = state.Angle1 + time * rate.Angle1;
        moved.Angle2 = state.Angle2 + time * rate.Angle2;
        moved.Speed1 = state.Speed1 + time * rate.Speed1;
        moved.Speed2 = state.Speed2 + time * rate.Speed2;
        return moved;
    }
}

/// <summary>Registry row of <c>acrobot</c>.</summary>
public static class Acrobot
{
    /// <summary>Control period and integration step, s.</summary>
    public const float Dt = 0.2f;

    /// <summary>Of the first link, rad/s.</summary>
    public const float MaxSpeed1 = 4 * MathF.PI;

    /// <summary>Of the second link, rad/s.</summary>
    public const float MaxSpeed2 = 9 * MathF.PI;

    public static LaneDefinition<AcrobotSettings> Definition { get; } = new("acrobot", typeof(AcrobotTask<>))
    {
        Summary = "Swing the free end of a two-link arm above a line by torque at the middle joint.",
        AlsoKnownAs = ["Acrobot-v1"],
        Action = new Discrete(3),
        ObservationBounds = _ => [(-1, 1), (-1, 1), (-1, 1), (-1, 1), (-MaxSpeed1, MaxSpeed1), (-MaxSpeed2, MaxSpeed2)],
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => Dt,
        RewardRange = _ => (-1, 0),
        HasSuccess = true,
        SolvedAt = -100,
        Check = settings => StartRange.Check(settings.Low, settings.High),
        ScriptedExpert = _ => new AcrobotExpert(),
    };
}
