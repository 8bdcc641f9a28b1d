using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using Sim.Environments.Lanes;
using Sim.Environments.Spaces;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Camera;

/// <summary>Configuration of <c>surgical-mis-orient</c>.</summary>
public record struct MisOrientSettings()
{
    private const float Degree = MathF.PI / 180;

    /// <summary>Control steps of an episode.</summary>
    [Range(1, 1_000_000)] public int EpisodeSteps { get; init; } = 50;

    /// <summary>Turn of a full action, rad.</summary>
    [Range(1e-4f, 1f)] public float StepAngle { get; init; } = 3 * Degree;

    /// <summary>Misorientation that counts as none, rad.</summary>
    [Range(1e-4f, 1f)] public float SuccessAngle { get; init; } = 0.01f;

    /// <summary>Start yaw within ± this, rad.</summary>
    [Range(0f, 0.8f)] public float StartYaw { get; init; } = 45 * Degree;

    /// <summary>Least start pitch, rad.</summary>
    [Range(-0.78f, 0.6f)] public float StartPitchLow { get; init; } = -22.5f * Degree;

    /// <summary>Greatest start pitch, rad.</summary>
    [Range(-0.78f, 0.6f)] public float StartPitchHigh { get; init; } = 33.2f * Degree;

    /// <summary>Greatest start insertion, m.</summary>
    [Range(0f, 0.254f)] public float StartInsertion { get; init; } = 0.24f;

    /// <summary>Start roll within ± this, rad.</summary>
    [Range(0f, 1.57f)] public float StartRoll { get; init; } = 45 * Degree;

    /// <summary>Whether angles beyond ±90° are folded back, as the source's arc sine does.</summary>
    public Parity Parity { get; init; } = Parity.Corrected;
}

/// <summary>State of <c>surgical-mis-orient</c>.</summary>
public struct MisOrientState<T> where T : unmanaged, ILane<T>
{
    public CameraArm<T> Arm;

    /// <summary>rad.</summary>
    public T Misorientation;

    public CameraInfo<T> Info;
}

/// <summary>A turn in [−1, 1] about the endoscope's axis.</summary>
public struct RollAction<T> where T : unmanaged, ILane<T>
{
    public T Roll;
}

/// <summary>What the actor of <c>surgical-mis-orient</c> sees: nine numbers.</summary>
public struct MisOrientView<T> where T : unmanaged, ILane<T>
{
    public CameraPose<T> Pose;

    /// <summary>Euler angles of the camera's axes in the world, rad.</summary>
    public EulerAngles<T> Camera;
}

/// <summary>The goal of <c>surgical-mis-orient</c>: an angle, rad; zero is desired.</summary>
public struct AngleGoal<T> where T : unmanaged, ILane<T>
{
    public T Misorientation;
}

/// <summary>Observation groups of <c>surgical-mis-orient</c>.</summary>
public struct MisOrientObservation<T> where T : unmanaged, ILane<T>
{
    public MisOrientView<T> Observation;
    public AngleGoal<T> AchievedGoal, DesiredGoal;
    public CameraInfo<T> Info;
}

/// <summary>Turn the endoscope upright against the surgeon's line of sight: MisOrient of SurRoL.</summary>
public readonly struct MisOrientTask<T>
    : ILaneTask<T, MisOrientTask<T>, MisOrientState<T>, RollAction<T>, MisOrientObservation<T>, GoalTerm<T>, MisOrientSettings>
    where T : unmanaged, ILane<T>
{
    public static void Reset(out MisOrientState<T> state, in LaneRandom<T> random, in MisOrientSettings settings)
    {
        var draws = random.Stream(RandomStream.StartState);
        EcmJoints<T> joints;
        joints.Yaw = draws.Uniform(-settings.StartYaw, settings.StartYaw);
        joints.Pitch = draws.Uniform(settings.StartPitchLow, settings.StartPitchHigh);
        joints.Insertion = draws.Uniform(0, settings.StartInsertion);
        joints.Roll = draws.Uniform(-settings.StartRoll, settings.StartRoll);
        CameraArm<T>.RestAt(in joints, out state.Arm);
        state.Misorientation = MisorientationOf(in state.Arm, settings.Parity);
        state.Info.ClippedActions = T.Of(0);
    }

    public static void Step(ref MisOrientState<T> state, in RollAction<T> action, in LaneRandom<T> random, in MisOrientSettings settings,
        out GoalTerm<T> reward, out StepEnd<T> end)
    {
        state.Info.ClippedActions += (T.Abs(action.Roll) > 1f) & T.Of(1);
        var target = state.Arm.Joints;
        target.Roll = T.Fma(LaneMath.Clamp(action.Roll, 1), T.Of(settings.StepAngle), target.Roll);
        state.Arm.Command(in target, EcmArm.WithinLimits(in target));
        state.Arm.Run(CameraArm<T>.LeftAfter24);
        state.Misorientation = MisorientationOf(in state.Arm, settings.Parity);

        end.Terminated = T.Of(0);
        end.Success = Near(state.Misorientation, T.Of(0), settings.SuccessAngle);
        reward = GoalTerm<T>.Of(end.Success);
    }

    public static void Observe(in MisOrientState<T> state, in LaneRandom<T> random, in MisOrientSettings settings, out MisOrientObservation<T> observation)
    {
        CameraPose<T>.Of(in state.Arm, out observation.Observation.Pose);
        CameraInWorld(in state.Arm, out var camera);
        EulerAngles<T>.Of(in camera.Axes, out observation.Observation.Camera);
        observation.AchievedGoal.Misorientation = state.Misorientation;
        observation.DesiredGoal.Misorientation = T.Of(0);
        observation.Info = state.Info;
    }

    /// <summary>Mask: two angles are nearer than a bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Near(T a, T b, float angle) => T.Abs(a - b) < angle;

    private static void CameraInWorld(in CameraArm<T> arm, out Frame<T> camera)
    {
        EcmArm.Camera(in arm.Eef, 1, out var local);
        ArmMount.Ecm.ToWorld(in local, 1, out camera);
    }

    private static T MisorientationOf(in CameraArm<T> arm, Parity parity)
    {
        CameraInWorld(in arm, out var camera);
        T angle = Misorientation.Angle(in camera);
        if (parity == Parity.Corrected) return angle;
        T size = T.Abs(angle), sign = angle & T.OfBits(0x80000000);
        return T.Select(size > MathF.PI / 2, (MathF.PI - size) ^ sign, angle);
    }
}

/// <summary>Registry row of <c>surgical-mis-orient</c>.</summary>
public static class MisOrient
{
    public static LaneDefinition<MisOrientSettings> Definition { get; } = new("surgical-mis-orient", typeof(MisOrientTask<>))
    {
        Summary = "Turn a surgical endoscope until its picture is upright.",
        AlsoKnownAs = ["MisOrient-v0"],
        Action = Box.Symmetric(1),
        TimeLimit = settings => settings.EpisodeSteps,
        ControlPeriod = _ => 0.1f,
        RewardRange = _ => (-1, 0),
        HasSuccess = true,
        InfoBounds = settings => CameraInfo.Bounds(settings.EpisodeSteps, 1),
        GoalReward = (achieved, desired, in settings) => GoalRewards.Of(
            MisOrientTask<Lane1>.Near(new(achieved[0]), new(desired[0]), settings.SuccessAngle)),
        ScriptedExpert = CameraExpert.MisOrient,
        Check = settings => Limits.Check("start_pitch", settings.StartPitchLow, settings.StartPitchHigh),
    };
}
