using System.ComponentModel.DataAnnotations;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Camera;

/// <summary>Configuration of <c>surgical-ecm-reach</c>.</summary>
public record struct EcmReachSettings()
{
    /// <summary>Where goals are drawn.</summary>
    public GoalRegion Goal { get; init; } = new();

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 50;

    /// <summary>Way of a full action along one axis, m.</summary>
    [Range(1e-5f, 0.1f)] public float StepLength { get; init; } = 0.01f;

    /// <summary>Distance from the goal that counts as reached, m.</summary>
    [Range(1e-5f, 1f)] public float SuccessDistance { get; init; } = 0.005f;
}

/// <summary>State of <c>surgical-ecm-reach</c>.</summary>
public struct EcmReachState<T> where T : unmanaged, ILane<T>
{
    public CameraArm<T> Arm;

    /// <summary>World, m.</summary>
    public Vec3<T> Goal;

    public CameraInfo<T> Info;
}

/// <summary>Observation groups of <c>surgical-ecm-reach</c>: the arm's pose; the EEF and its goal in the world, m.</summary>
public struct EcmReachObservation<T> where T : unmanaged, ILane<T>
{
    public CameraPose<T> Observation;
    public Vec3<T> AchievedGoal, DesiredGoal;
    public CameraInfo<T> Info;
}

/// <summary>Bring the endoscope's EEF to a place by steps along the axes of the RCM frame: ECMReach of SurRoL.</summary>
public readonly struct EcmReachTask<T>
    : ILaneTask<T, EcmReachTask<T>, EcmReachState<T>, CameraAction<T>, EcmReachObservation<T>, GoalTerm<T>, EcmReachSettings>
    where T : unmanaged, ILane<T>
{
    private const float StartX = 0.5f, StartZ = 0.7f;

    public static void Reset(out EcmReachState<T> state, in LaneRandom<T> random, in EcmReachSettings settings)
    {
        var start = ArmMount.Ecm.PointFromWorld(new Vec3<T>(T.Of(StartX), T.Of(0), T.Of(StartZ)), 1);
        T straight = T.Of(0);
        EcmArm.Inverse(in start, 1, in straight, out var joints, out _);
        CameraArm<T>.RestAt(in joints, out state.Arm);
        var draws = random.Stream(RandomStream.Task);
        state.Goal.X = draws.Uniform(settings.Goal.XLow, settings.Goal.XHigh);
        state.Goal.Y = draws.Uniform(settings.Goal.YLow, settings.Goal.YHigh);
        state.Goal.Z = draws.Uniform(settings.Goal.ZLow, settings.Goal.ZHigh);
        state.Info.ClippedActions = T.Of(0);
    }

    public static void Step(ref EcmReachState<T> state, in CameraAction<T> action, in LaneRandom<T> random, in EcmReachSettings settings,
        out GoalTerm<T> reward, out StepEnd<T> end)
    {
        state.Info.ClippedActions += action.Beyond();
        var place = Vec3<T>.AddScaled(state.Arm.Eef.Origin, T.Of(settings.StepLength), action.Clipped());
        EcmArm.Inverse(in place, 1, in state.Arm.Joints.Roll, out var joints, out T reachable);
        state.Arm.Command(in joints, reachable);
        state.Arm.Run(CameraArm<T>.LeftAfter24);

        end.Terminated = T.Of(0);
        end.Success = GoalRewards.Near(ArmMount.Ecm.PointToWorld(state.Arm.Eef.Origin, 1), state.Goal, settings.SuccessDistance);
        reward = GoalTerm<T>.Of(end.Success);
    }

    public static void Observe(in EcmReachState<T> state, in LaneRandom<T> random, in EcmReachSettings settings, out EcmReachObservation<T> observation)
    {
        CameraPose<T>.Of(in state.Arm, out observation.Observation);
        observation.AchievedGoal = ArmMount.Ecm.PointToWorld(state.Arm.Eef.Origin, 1);
        observation.DesiredGoal = state.Goal;
        observation.Info = state.Info;
    }
}

/// <summary>Registry row of <c>surgical-ecm-reach</c>.</summary>
public static class EcmReach
{
    public static LaneDefinition<EcmReachSettings> Definition { get; } = new("surgical-ecm-reach", typeof(EcmReachTask<>))
    {
        Summary = "Move a surgical endoscope to a place.",
        AlsoKnownAs = ["ECMReach-v0"],
        Action = Box.Symmetric(3),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => 0.1f,
        RewardRange = _ => (-1, 0),
        HasSuccess = true,
        InfoBounds = settings => CameraInfo.Bounds(settings.EpisodeSteps, 3),
        GoalReward = (achieved, desired, in settings) => GoalRewards.Of(
            GoalRewards.Near(GoalRewards.Vector(achieved), GoalRewards.Vector(desired), settings.SuccessDistance)),
        ScriptedExpert = CameraExpert.Reach,
        Check = settings => settings.Goal.Check(),
    };
}
