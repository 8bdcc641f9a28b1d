using System.Numerics;
using Sim.Environments.Classic.Experts;
using Sim.Environments.Surgical.Arms;
using Sim.Physics.Numerics;

namespace Sim.Environments.Surgical.Camera;

/// <summary>
/// Controllers of the camera tasks. Each looks at the observation and the goals alone, so that it can sit at the other
/// end of a connection.
/// </summary>
public sealed class CameraExpert : IActor
{
    /// <summary>Pixels to half a picture, and its focal length in pixels.</summary>
    private const float HalfPicture = 256, FocalLength = 221.7025f;

    private readonly Law _law;

    private CameraExpert(Law law) => _law = law;

    /// <summary>Writes an action.</summary>
    private delegate void Law(ReadOnlySpan<float> observation, ReadOnlySpan<float> achieved, ReadOnlySpan<float> desired, Span<float> action);

    /// <summary>Straight to the goal.</summary>
    internal static IActor Reach(BatchEnvironment environments)
    {
        float step = ExpertSettings.Of<EcmReachSettings>(environments).StepLength;
        return new CameraExpert((_, achieved, desired, action) => Approach(new Vector3(desired) - new Vector3(achieved), step, action));
    }

    /// <summary>Turns by the misorientation.</summary>
    internal static IActor MisOrient(BatchEnvironment environments)
    {
        float step = ExpertSettings.Of<MisOrientSettings>(environments).StepAngle;
        return new CameraExpert((_, achieved, desired, action)
            => action[0] = Math.Clamp((achieved[0] - desired[0]) / step, -1, 1));
    }

    /// <summary>Image-based visual servoing that stops within a pixel.</summary>
    internal static IActor StaticTrack(BatchEnvironment environments)
        => new CameraExpert((observation, _, _, action) => Servo(observation, 1, 0.8f, action));

    /// <summary>The same at full speed, within eight pixels.</summary>
    internal static IActor ActiveTrack(BatchEnvironment environments)
        => new CameraExpert((observation, _, _, action) => Servo(observation, 8, 1, action));

    public void Act(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        int size = environments.Spec.Action.Size;
        BatchBuffer? achieved = Goal(environments, "achieved_goal"), desired = Goal(environments, "desired_goal");
        for (int lane = 0; lane < environments.Count; lane++)
        {
            _law(environments.Observations.Row(lane), achieved is null ? default : achieved.Row(lane),
                desired is null ? default : desired.Row(lane), environments.Actions.Slice(lane * size, size));
        }
    }

    public void Dispose()
    {
    }

    private static BatchBuffer? Goal(BatchEnvironment environments, string name)
    {
        for (int i = 0; i < environments.Groups.Count; i++)
        {
            if (environments.Groups[i].Name == name) return environments.Groups[i].Current;
        }
        return null;
    }

    private static void Approach(Vector3 error, float step, Span<float> action)
    {
        ArmMount.Ecm.Lanes<Lane1>(1, out var rcm);
        var local = Rotation<Lane1>.ApplyBack(in rcm.Axes, new(new(error.X), new(error.Y), new(error.Z)));
        (action[0], action[1], action[2]) = (local.X.Value / step, local.Y.Value / step, local.Z.Value / step);
        Shrink(action, 1);
    }

    /// <summary>Half the pseudoinverse of the interaction matrix of a point one metre ahead, times the error.</summary>
    private static void Servo(ReadOnlySpan<float> observation, float stop, float gain, Span<float> action)
    {
        float u = observation[7] * HalfPicture, v = observation[8] * HalfPicture, square = (u * u) + (v * v);
        if (square < stop * stop && Math.Abs(observation[9]) < 0.1f)
        {
            action.Clear();
            return;
        }
        // The rows of the matrix differ by the error's own outer product alone, so the inverse is written out.
        float scale = 50 / ((FocalLength * FocalLength) + square);
        // The law only ever draws back. At the end of its travel the arm would drop the whole command.
        float insertion = new Vector3(observation).Length();
        (action[0], action[1], action[2]) = (-FocalLength * u * scale, -FocalLength * v * scale, insertion > 0.002f ? square * scale : 0);
        Shrink(action, gain);
    }

    /// <summary>Shortens an action to its limits where it is beyond them, and multiplies it.</summary>
    private static void Shrink(Span<float> action, float gain)
    {
        float largest = 1;
        foreach (float value in action) largest = Math.Max(largest, Math.Abs(value));
        foreach (ref float value in action) value *= gain / largest;
    }
}
