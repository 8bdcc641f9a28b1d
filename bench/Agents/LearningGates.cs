using System.Diagnostics;
using System.Globalization;
using Sim.Agents;
using Sim.Agents.Evaluation;
using Sim.Agents.Training;
using Sim.Environments;
using Sim.Environments.Configuration;

namespace Sim.Bench.Agents;

/// <summary>
/// Does an algorithm learn what it is expected to learn? Trains from several seeds, one thread each, and evaluates 20
/// deterministic episodes that are the same for all.
/// </summary>
public static class LearningGates
{
    private const int EvaluationEpisodes = 20;

    /// <summary>Least mean return by algorithm and environment, the steps planned for it (whole rounds may end a little later), and seeds of 5.</summary>
    private static readonly Dictionary<(string Algorithm, string Environment), (double Return, long Steps, int Of5)> Gates = new()
    {
        [("sac", "pendulum")] = (-200, 10_000, 5),
        [("td3", "pendulum")] = (-200, 20_000, 4),
        [("ppo", "pendulum")] = (-250, 100_000, 4),
        [("ppo", "cartpole")] = (475, 100_000, 5),
        [("ppo", "acrobot")] = (-100, 200_000, 4),
        [("sac", "mountain-car-continuous")] = (85, 100_000, 4),
    };

    /// <param name="algorithm">As on the command line.</param>
    /// <param name="environment">Id.</param>
    /// <param name="rest">First the number of seeds, 5 when left out; then settings as <c>key=value</c>.</param>
    /// <exception cref="SettingsException">The algorithm or a setting is unknown.</exception>
    /// <returns>0 when enough seeds pass, else 1.</returns>
    public static int Run(string algorithm, string environment, IReadOnlyList<string> rest)
    {
        int seeds = rest.Count > 0 && int.TryParse(rest[0], out int given) ? given : 5;
        string[] overrides = [.. rest.Where(argument => argument.Contains('='))];
        bool known = Gates.TryGetValue((algorithm, environment), out var gate);
        var definition = Registry.Find(environment);
        var row = Algorithms.Find(algorithm);
        var settings = SettingsOverride.Apply(row.PresetFor(definition.Describe(definition.DefaultSettings)).Settings, overrides);
        long steps = settings.Steps;
        Console.WriteLine($"{algorithm} on {definition.Id}, {steps} steps" + (known ? $"; gate: return >= {gate.Return} within {gate.Steps} steps, {gate.Of5} of 5 seeds" : ""));
        Console.WriteLine("seed     steps   wall s    CPU s   return (20 episodes)   pass");
        int passed = 0;
        for (ulong seed = 0; seed < (ulong)seeds; seed++)
        {
            using var environments = definition.Create(new EnvironmentOptions
            {
                Count = settings.Environments,
                Seed = seed,
                Privileged = settings.PrivilegedCritic,
            });
            long start = Stopwatch.GetTimestamp();
            var cpu = Environment.CpuUsage.TotalTime;
            using var learner = row.Create(new LearnerContext(environments, seed, steps), settings);
            learner.Begin();
            while (learner.Steps < steps) learner.Iterate();
            double wall = Stopwatch.GetElapsedTime(start).TotalSeconds, used = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
            double mean = Evaluator.Evaluate(definition, null, learner.Policy, EvaluationEpisodes).ReturnMean;
            bool pass = known && mean >= gate.Return && steps <= gate.Steps;
            if (pass) passed++;
            string verdict = pass ? "yes" : known ? "no" : "-";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{seed,4} {learner.Steps,9} {wall,8:F2} {used,8:F2} {mean,22:F1}   {verdict}"));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"passed {passed} of {seeds}; CPU of the whole process {Environment.CpuUsage.TotalTime.TotalSeconds:F2} s"));
        return !known || passed * 5 >= gate.Of5 * seeds ? 0 : 1;
    }
}
