using System.Globalization;
using System.Numerics;
using Sim.Environments.Configuration;
using Sim.Environments.Surgical;

namespace Sim.Environments.SurgicalGym;

/// <summary>Which places a tip can be brought to.</summary>
public static class GymWorkspace
{
    /// <summary>Joint coordinates of the linked arm with its tip at a place: rad, rad, m.</summary>
    /// <remarks>
    /// The shaft points along (sin yaw · cos pitch, −sin pitch, −cos yaw · cos pitch) from the remote centre, with both
    /// cosines positive: no place above the remote centre can be reached.
    /// </remarks>
    public static (double Yaw, double Pitch, double Insertion) JointsAt(in RemoteCentreArm arm, double x, double y, double z)
    {
        double dx = x - arm.X, dy = y - arm.Y, down = arm.Z - z;
        double across = (dx * arm.Cos) + (dy * arm.Sin), along = (dy * arm.Cos) - (dx * arm.Sin);
        double reach = Math.Sqrt((across * across) + (along * along) + (down * down));
        return (Math.Atan2(across, down), Math.Asin(-along / Math.Max(reach, 1e-12)), reach - arm.Tip);
    }

    /// <summary>What the joints can be driven to: limits of the arm and of targets from −1 to 1.</summary>
    public static (double Yaw, double PitchLow, double PitchHigh, double InsertionLow, double InsertionHigh) Limits(in RemoteCentreArm arm)
        => (Math.Min(arm.Yaw, 1), Math.Max(arm.PitchLow, -1), Math.Min(arm.PitchHigh, 1),
            Math.Max(arm.InsertionLow, 0), Math.Min(arm.InsertionHigh, 2 * RemoteCentreArm.HalfInsertion));

    /// <exception cref="SettingsException">The ball's mean is out of reach, or given where the source's holds.</exception>
    public static void Check(BallSettings ball, BallSettings defaults, RemoteCentreArm arm, Parity parity)
    {
        if (parity == Parity.Source)
        {
            if ((ball.X, ball.Y, ball.Z) != (defaults.X, defaults.Y, defaults.Z))
                throw new SettingsException($"ball.x, ball.y, ball.z = {Place(ball)} cannot be chosen with parity=source: the ball's mean is then the source's; leave them out.");
            return;
        }
        var (yaw, pitch, insertion) = JointsAt(arm, ball.X, ball.Y, ball.Z);
        var limits = Limits(arm);
        Require(ball, "yaw", yaw, -limits.Yaw, limits.Yaw, "rad");
        Require(ball, "pitch", pitch, limits.PitchLow, limits.PitchHigh, "rad");
        Require(ball, "insertion", insertion, limits.InsertionLow, limits.InsertionHigh, "m");
    }

    /// <inheritdoc cref="Check"/>
    public static void CheckStar(BallSettings ball)
    {
        const float reach = StarArm.UpperArm + StarArm.Forearm + StarArm.WristToTip;
        var place = new Vector3(ball.X, ball.Y, ball.Z);
        float distance = Vector3.Distance(place, new(StarArm.BaseX, 0, StarArm.BaseZ + StarArm.Shoulder));
        if (distance > reach || !CanReach(DrivenArm.Star(new()), place))
        {
            throw new SettingsException($"ball.x, ball.y, ball.z = {Place(ball)} is outside the arm's workspace: "
                + $"{Number(distance)} m from the shoulder at ({Number(StarArm.BaseX)}, 0, {Number(StarArm.BaseZ + StarArm.Shoulder)}); "
                + $"expected at most {Number(reach)} m, and with every joint within ±{Number(StarArm.TargetScale)} rad.");
        }
    }

    /// <summary>Whether the tip comes within a millimetre of a place, from the posture that episodes start in.</summary>
    private static bool CanReach(DrivenArm arm, Vector3 place)
    {
        Span<float> targets = [0, StarArm.Rest2, 0, StarArm.Rest4, 0, StarArm.Rest6, 0, 0];
        Span<float> change = stackalloc float[targets.Length];
        for (int round = 0; round < 500; round++)
        {
            var way = place - arm.Tip(targets);
            if (way.Length() < 1e-3f) return true;
            // Short ways: the joints turn, and a long straight one would lead astray.
            arm.Solve(targets, way.Length() > 0.05f ? way * (0.05f / way.Length()) : way, change);
            for (int i = 0; i < targets.Length; i++) targets[i] = Math.Clamp(targets[i] + change[i], -1, 1);
        }
        return false;
    }

    private static void Require(BallSettings ball, string joint, double value, double low, double high, string unit)
    {
        // Half a micrometre or microradian of float32 settings.
        const double rounding = 5e-7;
        if (value >= low - rounding && value <= high + rounding) return;
        throw new SettingsException($"ball.x, ball.y, ball.z = {Place(ball)} is outside the arm's workspace: it takes {joint} {Number(value)} {unit}; "
            + $"expected {Number(low)} to {Number(high)} {unit}.");
    }

    private static string Place(BallSettings ball) => $"{Number(ball.X)}, {Number(ball.Y)}, {Number(ball.Z)}";

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
