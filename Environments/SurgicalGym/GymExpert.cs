using System.Numerics;

namespace Sim.Environments.SurgicalGym;

/// <summary>
/// Steers an arm of Surgical Gym by resolved rate, from the observation alone: the joints' way to the ball by damped
/// least squares, asked for <see cref="Lead"/> times over so that the drives' lag is made up for.
/// </summary>
public sealed class GymExpert : IActor
{
    /// <summary>How much farther than wanted the targets are sent.</summary>
    private const float Lead = 3f;

    private readonly DrivenArm _arm;

    internal GymExpert(BatchEnvironment environments, DrivenArm arm)
    {
        ArgumentNullException.ThrowIfNull(environments);
        _arm = arm;
    }

    public void Act(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        int drives = _arm.Drives;
        Span<float> standing = stackalloc float[drives], change = stackalloc float[drives];
        for (int lane = 0; lane < environments.Count; lane++)
        {
            var observation = environments.Observations.Row(lane);
            for (int i = 0; i < drives; i++) standing[i] = _arm.TargetOf(i, observation[_arm.Columns.Position + i]);
            _arm.Solve(standing, -new Vector3(observation[_arm.Columns.Error..]), change);
            var targets = observation.Slice(_arm.Columns.Target, drives);
            var action = environments.Actions.Slice(lane * drives, drives);
            for (int i = 0; i < drives; i++)
            {
                float wanted = Math.Clamp(standing[i] + (Lead * change[i]), -1, 1);
                action[i] = Math.Clamp((wanted - targets[i]) / _arm.Increment, -1, 1);
            }
        }
    }

    public void Dispose()
    {
    }
}
