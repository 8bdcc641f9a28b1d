using System.ComponentModel.DataAnnotations;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Physics.Numerics;

namespace Sim.Environments.Quadrotors;

/// <summary>How a hover episode starts.</summary>
public enum HoverStart
{
    /// <summary>Rotors near hover speed: what a vehicle that can be saved looks like.</summary>
    NearHover,

    /// <summary>The source's start: each rotor speed uniform on its own, which loses about 7 % of the episodes whatever is done.</summary>
    Source,
}

/// <summary>Configuration of <c>quadrotor-hover</c>.</summary>
public record struct HoverSettings()
{
    public VehicleSettings Vehicle { get; init; } = new();
    public RandomisationSettings Randomisation { get; init; } = new();
    public ObservationNoiseSettings Noise { get; init; } = new();

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 500;

    public HoverStart Start { get; init; } = HoverStart.NearHover;

    /// <summary>Share of episodes that start at the target, level and at rest.</summary>
    [Range(0f, 1f)] public float GuidedStarts { get; init; } = 0.1f;

    /// <summary>Start position within ± this in each component, m.</summary>
    [Range(0f, 10f)] public float StartPosition { get; init; } = 0.5f;

    /// <summary>Start angle from level, uniform up to this, rad.</summary>
    [Range(0f, 3.2f)] public float StartAngle { get; init; } = MathF.PI / 2;

    /// <summary>Start velocity within ± this in each component, m/s.</summary>
    [Range(0f, 10f)] public float StartVelocity { get; init; } = 1f;

    /// <summary>Start angular velocity within ± this in each component, rad/s.</summary>
    [Range(0f, 35f)] public float StartSpin { get; init; } = 1f;

    /// <summary>The episode ends when a position component exceeds this, m.</summary>
    [Range(0.01f, 1000f)] public float PositionLimit { get; init; } = 1f;

    /// <summary>The episode ends when a velocity component exceeds this, m/s.</summary>
    [Range(0.01f, 1000f)] public float SpeedLimit { get; init; } = 2f;

    /// <summary>The episode ends when an angular velocity component exceeds this, rad/s.</summary>
    [Range(0.01f, 1000f)] public float SpinLimit { get; init; } = 35f;

    /// <summary>Reward of every step that survives.</summary>
    public float AliveReward { get; init; } = 0.5f;

    /// <summary>Cost per metre from the target.</summary>
    public float PositionCost { get; init; } = 1f;

    /// <summary>Cost of the yaw term.</summary>
    public float YawCost { get; init; } = 0.1f;

    /// <summary>Cost of the change of action.</summary>
    public float ActionCost { get; init; } = 1f;

    /// <summary>Reward of the step that ends in failure, in place of all others.</summary>
    public float TerminationReward { get; init; } = -100f;

    /// <summary>Mean distance over the last second that counts as hovering, m.</summary>
    [Range(0.001f, 10f)] public float SuccessDistance { get; init; } = 0.1f;
}

/// <summary>State of <c>quadrotor-hover</c>.</summary>
public struct HoverState<T> where T : unmanaged, ILane<T>
{
    public QuadrotorBody<T> Body;
    public QuadrotorParameters<T> Parameters;
    public Rotors<T> LastAction;

    /// <summary>Sum of the distances of the last second so far, m.</summary>
    public T LateDistance;
}

/// <summary>Observation groups of the quadrotor tasks that look at the vehicle alone.</summary>
public struct HoverObservation<T> where T : unmanaged, ILane<T>
{
    public QuadrotorView<T> Observation;
    public QuadrotorPrivileged<T> Privileged;
}

/// <summary>Reward terms of <c>quadrotor-hover</c>.</summary>
public struct HoverReward<T> where T : unmanaged, ILane<T>
{
    public T Alive, Position, Yaw, Action, Termination;
}

/// <summary>
/// Reach a point from any attitude up to 90° from level, and stay: the task of "Learning to Fly in Seconds"
/// (Eschmann, Albani and Loianno, 2024).
/// </summary>
public readonly struct HoverTask<T>
    : ILaneTask<T, HoverTask<T>, HoverState<T>, Rotors<T>, HoverObservation<T>, HoverReward<T>, HoverSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out HoverState<T> state, in LaneRandom<T> random, in HoverSettings settings)
    {
        QuadrotorStart.DrawParameters(in random, settings.Vehicle, settings.Randomisation, out state.Parameters);
        var draws = random.Stream(RandomStream.StartState);
        T zero = T.Of(0);
        T guided = draws.Unit() < settings.GuidedStarts;
        T hover = state.Parameters.HoverSpeed;
        T common = draws.Uniform(-0.1f, 0.1f);
        QuadrotorStart.Level(
            draws.Uniform(-settings.StartPosition, settings.StartPosition),
            draws.Uniform(-settings.StartPosition, settings.StartPosition),
            draws.Uniform(-settings.StartPosition, settings.StartPosition),
            LaneMath.Clamp(hover + common, 0f, 1f), out var body);
        body.VelocityX = draws.Uniform(-settings.StartVelocity, settings.StartVelocity);
        body.VelocityY = draws.Uniform(-settings.StartVelocity, settings.StartVelocity);
        body.VelocityZ = draws.Uniform(-settings.StartVelocity, settings.StartVelocity);
        body.SpinX = draws.Uniform(-settings.StartSpin, settings.StartSpin);
        body.SpinY = draws.Uniform(-settings.StartSpin, settings.StartSpin);
        body.SpinZ = draws.Uniform(-settings.StartSpin, settings.StartSpin);
        QuadrotorStart.Tilt(ref body, ref draws, settings.StartAngle);
        if (settings.Start == HoverStart.Source)
        {
            body.Rotor0 = draws.Unit();
            body.Rotor1 = draws.Unit();
            body.Rotor2 = draws.Unit();
            body.Rotor3 = draws.Unit();
        }
        QuadrotorStart.Level(zero, zero, zero, hover, out state.Body);
        Choose(ref state.Body, guided, in body);
        state.LastAction = QuadrotorTerms.Holding(hover);
        state.LateDistance = zero;
    }

    public static void Step(ref HoverState<T> state, in Rotors<T> action, in LaneRandom<T> random, in HoverSettings settings,
        out HoverReward<T> reward, out StepEnd<T> end)
    {
        var clipped = QuadrotorTerms.Clip(in action);
        var command = QuadrotorDynamics.Command(in clipped);
        QuadrotorDynamics.Advance(ref state.Body, in state.Parameters, in command, settings.Vehicle);

        T distance = QuadrotorTerms.Norm(state.Body.PositionX, state.Body.PositionY, state.Body.PositionZ);
        T failed = QuadrotorTerms.Beyond(state.Body.PositionX, state.Body.PositionY, state.Body.PositionZ, settings.PositionLimit)
            | QuadrotorTerms.TooFast(in state.Body, settings.SpeedLimit, settings.SpinLimit);
        T zero = T.Of(0);
        reward.Alive = T.Select(failed, zero, T.Of(settings.AliveReward));
        reward.Position = T.Select(failed, zero, -settings.PositionCost * distance);
        reward.Yaw = T.Select(failed, zero, -settings.YawCost * QuadrotorTerms.Yaw(in state.Body));
        reward.Action = T.Select(failed, zero, -settings.ActionCost * QuadrotorTerms.Change(in clipped, in state.LastAction));
        reward.Termination = T.Select(failed, T.Of(settings.TerminationReward), zero);
        state.LastAction = clipped;

        float lateSteps = MathF.Min(settings.EpisodeSteps, MathF.Floor(1f / settings.Vehicle.Dt + 0.5f));
        T late = random.Step > (settings.EpisodeSteps - lateSteps);
        state.LateDistance += T.Select(late, distance, zero);
        end.Terminated = failed;
        end.Success = (random.Step >= T.Of(settings.EpisodeSteps)) & (state.LateDistance <= settings.SuccessDistance * lateSteps) & ~failed;
    }

    public static void Observe(in HoverState<T> state, in LaneRandom<T> random, in HoverSettings settings, out HoverObservation<T> observation)
    {
        T zero = T.Of(0);
        QuadrotorView<T>.Of(in state.Body, zero, zero, zero, in random, settings.Noise, out observation.Observation);
        QuadrotorPrivileged<T>.Of(in state.Body, in state.Parameters, out observation.Privileged);
    }

    /// <summary>Keeps <paramref name="body"/> where the mask is set, else takes <paramref name="other"/>.</summary>
    private static void Choose(ref QuadrotorBody<T> body, T mask, in QuadrotorBody<T> other)
    {
        body.PositionX = T.Select(mask, body.PositionX, other.PositionX);
        body.PositionY = T.Select(mask, body.PositionY, other.PositionY);
        body.PositionZ = T.Select(mask, body.PositionZ, other.PositionZ);
        body.VelocityX = T.Select(mask, body.VelocityX, other.VelocityX);
        body.VelocityY = T.Select(mask, body.VelocityY, other.VelocityY);
        body.VelocityZ = T.Select(mask, body.VelocityZ, other.VelocityZ);
        body.QuaternionX = T.Select(mask, body.QuaternionX, other.QuaternionX);
        body.QuaternionY = T.Select(mask, body.QuaternionY, other.QuaternionY);
        body.QuaternionZ = T.Select(mask, body.QuaternionZ, other.QuaternionZ);
        body.QuaternionW = T.Select(mask, body.QuaternionW, other.QuaternionW);
        body.SpinX = T.Select(mask, body.SpinX, other.SpinX);
        body.SpinY = T.Select(mask, body.SpinY, other.SpinY);
        body.SpinZ = T.Select(mask, body.SpinZ, other.SpinZ);
        body.Rotor0 = T.Select(mask, body.Rotor0, other.Rotor0);
        body.Rotor1 = T.Select(mask, body.Rotor1, other.Rotor1);
        body.Rotor2 = T.Select(mask, body.Rotor2, other.Rotor2);
        body.Rotor3 = T.Select(mask, body.Rotor3, other.Rotor3);
    }
}

/// <summary>Registry row of <c>quadrotor-hover</c>.</summary>
public static class Hover
{
    public static LaneDefinition<HoverSettings> Definition { get; } = new("quadrotor-hover", typeof(HoverTask<>))
    {
        Summary = "Fly a Crazyflie to a point from any attitude up to 90° from level, and stay there.",
        AlsoKnownAs = ["l2f"],
        Action = Box.Symmetric(4),
        ActionHistory = 16,
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = settings => settings.Vehicle.Dt,
        HasSuccess = true,
        ScriptedExpert = QuadrotorExpert.Hover,
    };
}
