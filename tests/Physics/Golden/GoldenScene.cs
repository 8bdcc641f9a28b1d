using System.Numerics;
using System.Text.Json;
using NUnit.Framework;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Tests.Physics.Golden;

/// <summary>
/// A recorded scene of the reference engine: the scene itself, what moves its kinematic bodies, and the states that
/// were reached. Moving bodies come first in the scene, in the order of <see cref="GoldenSample.States"/>.
/// </summary>
internal sealed record GoldenScene(string Name, Scene Scene, int Steps, IReadOnlyList<GoldenDrive> Drives, IReadOnlyList<GoldenSample> Samples)
{
    /// <summary>For this long, in seconds, trajectories agree within <see cref="PositionTolerance"/> metres.</summary>
    public float ComparableSeconds { get; private init; }

    public float PositionTolerance { get; private init; }

    /// <summary>Bodies that <see cref="GoldenSample.States"/> lists; the rest of the scene is static.</summary>
    public int MovingBodies { get; private init; }

    /// <summary>Names of all files that hold one trajectory.</summary>
    public static IEnumerable<string> Trajectories
        => Directory.EnumerateFiles(Folder, "bepu_*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)["bepu_".Length..])
            .Where(name => name is not ("joint_steps" or "manifolds"))
            .Order(StringComparer.Ordinal);

    private static string Folder => Path.Combine(TestContext.CurrentContext.TestDirectory, "Physics", "golden");

    /// <param name="name">For example "box_stack".</param>
    public static GoldenScene Trajectory(string name)
    {
        using var file = Open(name);
        var root = file.RootElement;
        var comparison = root.GetProperty("comparison");
        var samples = root.GetProperty("samples").EnumerateArray()
            .Select(sample => new GoldenSample(sample.GetProperty("step").GetInt32(), States(sample.GetProperty("states")), sample.GetProperty("contactConstraints").GetInt32()))
            .ToArray();
        return Read(root, samples) with
        {
            ComparableSeconds = comparison.GetProperty("trajectoryUntilSeconds").GetSingle(),
            PositionTolerance = comparison.GetProperty("suggestedPositionTolerance").GetSingle(),
        };
    }

    /// <summary>Single joints in violated states, with the states after 1, 2 and 3 steps; no contacts.</summary>
    public static IReadOnlyList<GoldenScene> JointSteps()
    {
        using var file = Open("joint_steps");
        return [.. file.RootElement.GetProperty("cases").EnumerateArray().Select(root =>
            Read(root, [.. root.GetProperty("after").EnumerateArray().Select((states, index) => new GoldenSample(index + 1, States(states), 0))]))];
    }

    /// <summary>Sets the kinematic velocities that hold in a step; steps count from 0.</summary>
    public void Drive(PhysicsWorld world, int environment, int step)
    {
        foreach (var drive in Drives)
        {
            if (step >= drive.FromStep && step < drive.ToStep) world.SetVelocity(environment, drive.Body, drive.LinearVelocity, drive.AngularVelocity);
        }
    }

    public override string ToString() => Name;

    private static JsonDocument Open(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, $"bepu_{name}.json")));

    private static GoldenScene Read(JsonElement root, GoldenSample[] samples)
    {
        var material = GoldenJson.Material(root, out bool legacyFriction);
        var builder = new SceneBuilder(new SceneSettings
        {
            Gravity = GoldenJson.Vector(root, "gravity"),
            Timestep = GoldenJson.Number(root, "dt"),
            Substeps = root.GetProperty("substeps").GetInt32(),
            VelocityIterations = root.GetProperty("velocityIterations").GetInt32(),
            LinearDamping = GoldenJson.Number(root, "linearDamping", 0),
            AngularDamping = GoldenJson.Number(root, "angularDamping", 0),
            AngularIntegration = Enum.Parse<AngularIntegrationMode>(root.GetProperty("angularIntegrationMode").GetString()!),
            SubstepUnconstrainedBodies = root.GetProperty("substepUnconstrainedBodies").GetBoolean(),
            LegacyFriction = legacyFriction,
            LegacySwingLimit = true,
        });
        var names = new Dictionary<string, BodyId>();
        foreach (var body in GoldenJson.List(root, "bodies").Concat(GoldenJson.List(root, "statics")))
        {
            var description = GoldenJson.Body(body, material);
            names.Add(description.Name, builder.Add(description));
        }
        int index = 0;
        foreach (var constraint in GoldenJson.List(root, "constraints"))
        {
            string joint = FormattableString.Invariant($"{constraint.GetProperty("type").GetString()} {index++}");
            var a = names[constraint.GetProperty("a").GetString()!];
            if (constraint.GetProperty("b").GetString() is { } b) builder.Join(joint, a, names[b], GoldenJson.Joint(constraint));
            else builder.Join(joint, a, GoldenJson.Joint(constraint));
        }
        var drives = GoldenJson.List(root, "kinematicSchedule").Select(drive => new GoldenDrive(
            names[drive.GetProperty("body").GetString()!], drive.GetProperty("fromStep").GetInt32(), drive.GetProperty("toStep").GetInt32(),
            GoldenJson.Vector(drive, "linearVelocity"), GoldenJson.Vector(drive, "angularVelocity"))).ToArray();
        return new GoldenScene(root.GetProperty("name").GetString()!, builder.Build(), root.GetProperty("steps").GetInt32(), drives, samples)
        {
            MovingBodies = GoldenJson.List(root, "bodies").Count(),
        };
    }

    private static BodyState[] States(JsonElement states) => [.. states.EnumerateArray().Select(GoldenJson.State)];
}

/// <summary>Velocity of a kinematic body in the steps i with FromStep ≤ i &lt; ToStep.</summary>
internal sealed record GoldenDrive(BodyId Body, int FromStep, int ToStep, Vector3 LinearVelocity, Vector3 AngularVelocity);

/// <summary>What the moving bodies were doing after so many steps, and how many pairs were in contact.</summary>
internal sealed record GoldenSample(int Step, IReadOnlyList<BodyState> States, int ContactPairs);
