using NUnit.Framework;
using Sim.Environments;
using Sim.Environments.Surgical;
using Sim.Environments.Surgical.Arms;
using Sim.Environments.Surgical.Camera;
using Sim.Physics.Numerics;
using Sim.Tests.Environments.Surgical.Arms;

namespace Sim.Tests.Environments.Surgical.Camera;

/// <summary>What both tracking tasks share, and StaticTrack's own.</summary>
public sealed class TrackingTests
{
    [Test]
    public void A_target_appears_where_a_perspective_camera_projects_it()
    {
        var random = new Random(1);
        int inView = 0;
        for (int i = 0; i < 2000; i++)
        {
            double[] q = [Within(random, 0.5), -0.3 + (random.NextDouble() * 0.7), random.NextDouble() * 0.2, Within(random, 1)];
            double x = Within(random, 0.5), y = Within(random, 0.4);
            EcmArm.Forward(ArmPose.Ecm(q), 1, out var eef);
            TargetView<Lane1>.Of(in eef, ArmMount.Ecm.PointFromWorld(new Vec3<Lane1>(ArmPose.Of(x), ArmPose.Of(y), ArmPose.Of(0.05)), 1), out var view);
            var (right, down, ahead) = Projected(q, [x, y, 0.05]);
            if (ahead < 0.1) continue;
            // Half pictures, of a point a few decimetres ahead and up to a few half pictures aside.
            Assert.That(view.X.Value, Is.EqualTo(right).Within(1e-5 * (1 + Math.Abs(right))));
            Assert.That(view.Y.Value, Is.EqualTo(down).Within(1e-5 * (1 + Math.Abs(down))));
            if (Math.Abs(Math.Max(Math.Abs(right), Math.Abs(down)) - 1) < 1e-4) continue;
            bool inside = Math.Abs(right) < 1 && Math.Abs(down) < 1;
            Assert.That(view.InView.Value, Is.EqualTo(inside ? 1 : 0));
            if (inside) inView++;
        }
        Assert.That(inView, Is.InRange(200, 1800), "targets on both sides of the picture's edge");
    }

    [Test]
    public void A_target_behind_the_camera_is_out_of_view_on_its_own_side()
    {
        EcmArm.Forward(ArmPose.Ecm(0, 0, 0.1, 0), 1, out var eef);
        // Above the camera, in the direction that is right in its picture.
        var place = eef.Origin + (eef.Axes.Y * ArmPose.Of(0.1)) - (eef.Axes.Z * ArmPose.Of(0.2));
        TargetView<Lane1>.Of(in eef, place, out var view);
        Assert.That(view.InView.Value, Is.Zero);
        Assert.That(view.X.Value, Is.GreaterThan(1));
    }

    [Test]
    public void A_step_moves_the_joints_by_the_source_mapping()
    {
        var settings = new StaticTrackSettings();
        StaticTrackTask<Lane1>.Reset(out var state, default, in settings);
        CameraAction<Lane1> action;
        (action.X, action.Y, action.Z) = (ArmPose.Of(0.5), ArmPose.Of(-1), ArmPose.Of(0.25));
        StaticTrackTask<Lane1>.Step(ref state, in action, default, in settings, out _, out _);
        // At joints zero tilting by the camera's x and y is yawing and pitching, 2 cm from the tip; nothing turns the picture.
        double arm = 1 + Math.Pow(0.0407, 2), left = 1 - Math.Pow(0.9, 24);
        double[] expected = [0.05 * 0.005 / 0.02 / arm * left, 0.05 * -0.01 / 0.02 / arm * left, 0.04 - (0.05 * 0.0025 * left), 0];
        Assert.That(ArmPose.Numbers(state.Camera.Arm.Joints), Is.EqualTo(expected).Within(1e-7));
    }

    [Test]
    public void A_turned_camera_rights_itself_without_any_action()
    {
        var settings = new StaticTrackSettings();
        StaticTrackTask<Lane1>.Reset(out var state, default, in settings);
        CameraArm<Lane1>.RestAt(ArmPose.Ecm(0.2, 0.1, 0.04, 0.5), out state.Camera.Arm);
        CameraAction<Lane1> still;
        still.X = still.Y = still.Z = ArmPose.Of(0);
        float first = 0;
        for (int step = 0; step < 12; step++)
        {
            StaticTrackTask<Lane1>.Step(ref state, in still, default, in settings, out _, out _);
            if (step == 0) first = Math.Abs(state.Camera.RollRate.Value);
        }
        Assert.That(first, Is.GreaterThan(5), "it starts turned");
        Assert.That(Math.Abs(state.Camera.RollRate.Value), Is.LessThan(0.01f));
    }

    [TestCase(Parity.Corrected, false)]
    [TestCase(Parity.Source, true)]
    public void A_centred_but_turned_picture_is_a_success_in_the_source_alone(Parity parity, bool success)
    {
        using var environments = Registry.Make("surgical-static-track", new EnvironmentOptions(), new StaticTrackSettings { Parity = parity });
        float[] achieved = [0.001f, -0.002f, 3, 0.001f, -0.002f, 0.001f, 0.02f, 0, 0], desired = new float[9], rewards = new float[3];
        environments.ComputeRewards(achieved, desired, rewards);
        Assert.That(rewards, Is.EqualTo(new[] { success ? 0f : -1f, 0f, -1f }), "turned; upright; off centre");
    }

    [Test]
    public void In_parity_the_turn_upright_is_damped_by_the_error_in_pixels()
    {
        TrackingCamera<Lane1> source = Turned(), corrected = Turned();
        CameraAction<Lane1> still;
        still.X = still.Y = still.Z = ArmPose.Of(0);
        double pixels = source.View.Error.Value * 256;
        source.Steer(in still, 0.01f, Parity.Source);
        corrected.Steer(in still, 0.01f, Parity.Corrected);
        Assert.That(pixels, Is.InRange(2, 60), "an error that damps and leaves something");
        Assert.That(source.RollRate.Value, Is.EqualTo(corrected.RollRate.Value * Math.Exp(-0.1 * pixels)).Within(1e-5));

        static TrackingCamera<Lane1> Turned()
        {
            // Joints zero with an insertion of 2 cm look at x = 0.106 m.
            TrackingCamera<Lane1>.RestAt(0.02f, TableSettings.Seen(ArmPose.Of(0.13), ArmPose.Of(0)), out var camera);
            CameraArm<Lane1>.RestAt(ArmPose.Ecm(0, 0, 0.02, 0.3), out camera.Arm);
            return camera;
        }
    }

    [Test]
    public void Targets_lie_anywhere_on_their_rectangle()
    {
        using var environments = Registry.Make("surgical-static-track", count: 2000);
        environments.Reset();
        int unseen = Enumerable.Range(0, 2000).Count(lane => environments.Observations.Row(lane)[6] == 0);
        // The corners near the arm reach out of the picture: one target in a hundred.
        Assert.That(unseen, Is.InRange(5, 60));
    }

    /// <summary>The source's picture: the eye at the EEF, the tip ahead, the EEF's x axis up, 60°; in double precision.</summary>
    private static (double Right, double Down, double Ahead) Projected(double[] q, double[] place)
    {
        double c = Math.Cos(Math.PI / 6);
        double[] rcm = [0, c, 0.5, -0.05 + (0.6126 * c) + (0.1016 * 0.5), -1, 0, 0, 0, 0, -0.5, c, 1.0024 - (0.6126 * 0.5) + (0.1016 * c)];
        double[] eef = ReferenceChain.Times(rcm, ReferenceChain.EcmEef(q));
        double[] d = [place[0] - eef[3], place[1] - eef[7], place[2] - eef[11]];
        double Along(int axis) => (eef[axis] * d[0]) + (eef[4 + axis] * d[1]) + (eef[8 + axis] * d[2]);
        double focal = 1 / Math.Tan(Math.PI / 6), ahead = Along(2);
        return (focal * Along(1) / ahead, -focal * Along(0) / ahead, ahead);
    }

    private static double Within(Random random, double limit) => ((random.NextDouble() * 2) - 1) * limit;
}
