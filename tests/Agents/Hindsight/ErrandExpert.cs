using Sim.Environments;

namespace Sim.Tests.Agents.Hindsight;

/// <summary>Goes straight to the load, grips, and goes straight to the goal; or only the last.</summary>
internal sealed class ErrandExpert(BatchEnvironment environments) : IActor
{
    private readonly bool _fetches = ((ErrandSettings)environments.Spec.Settings).Fetch;

    public void Act(BatchEnvironment environments)
    {
        for (int lane = 0; lane < environments.Count; lane++)
        {
            var seen = environments.Observations.Row(lane);
            bool holds = seen[6] > 0;
            var target = _fetches && !holds ? seen.Slice(3, 3) : environments.Groups[2].Current.Row(lane);
            var action = environments.Actions.Slice(lane * 5, 5);
            float distance = 0;
            for (int i = 0; i < 3; i++)
            {
                action[i] = Math.Clamp((target[i] - seen[i]) / 0.02f, -1, 1);
                distance += (target[i] - seen[i]) * (target[i] - seen[i]);
            }
            action[3] = 0;
            action[4] = holds || distance < 0.03f * 0.03f ? -1 : 1;
        }
    }

    public void Dispose()
    {
    }
}
