using Sim.Physics.Scenes;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>What the scenes of all manipulation tasks have in common.</summary>
public static class ManipulationScene
{
    /// <summary>Tables, pads, boards and what lies on them: friction 1 as in SurRoL.</summary>
    public static readonly Material Surface = new(1, new SpringSettings(30, 1), 2);

    /// <summary>A grasp: follows the arm within one control step.</summary>
    private static readonly Weld s_grasp = new() { Spring = new SpringSettings(30, 1) };

    /// <summary>A scene with the grippers of one or two arms; their bodies come first.</summary>
    public static SceneBuilder Begin(in WorldSettings world, int arms)
    {
        var builder = new SceneBuilder(new SceneSettings { Timestep = world.SubstepsPerDetection * WorldSettings.Substep, Substeps = world.SubstepsPerDetection });
        for (int arm = 0; arm < arms; arm++) Gripper.Add(builder, $"psm{arm + 1}", in world);
        return builder;
    }

    /// <summary>Lets every arm grasp a thing: how its fingers press on it, and a weld to its pivot.</summary>
    public static void MakeGraspable(SceneBuilder builder, BodyId thing, int arms)
    {
        for (int arm = 0; arm < arms; arm++)
        {
            var gripper = Gripper.Of(arm);
            builder.SetMaterial(gripper.First, thing, Gripper.Grip);
            builder.SetMaterial(gripper.Second, thing, Gripper.Grip);
            builder.Join($"grasp of body {thing.Index} by psm{arm + 1}", gripper.Pivot, thing, s_grasp, attachable: true);
        }
    }
}
