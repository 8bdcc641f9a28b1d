using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Batched;

/// <summary>What the bodies of a scene do around the constraints of a substep, tile by tile.</summary>
internal sealed unsafe class BodyStage<T>(TileLayout layout) where T : unmanaged, ILane<T>
{
    private readonly BodyPlace[] _bodies = layout.Bodies;
    private readonly SceneSettings _settings = layout.Scene.Settings;
    private readonly float _h = layout.H;
    private readonly Factors _substep = Factors.Of(layout.Scene.Settings, layout.H), _step = Factors.Of(layout.Scene.Settings, layout.Scene.Settings.Timestep);

    /// <summary>Scratch rows: one mask a body.</summary>
    public int ScratchRows => _bodies.Length;

    /// <summary>Whether bodies may move by another time than the substep, so that masks are read.</summary>
    public bool ReadsMasks => !_settings.SubstepUnconstrainedBodies && _settings.Substeps > 1;

    /// <summary>Moves poses by the velocities of the substep before, then velocities by gravity, wrench and damping.</summary>
    /// <param name="tile">Its rows.</param>
    /// <param name="constrained">A mask a body: lanes in which a constraint holds it. Read where <see cref="ReadsMasks"/>.</param>
    /// <param name="substep">0 to the number of substeps, exclusive.</param>
    /// <param name="wrenches">Whether any environment of the world has a wrench in this step.</param>
    public void Begin(float* tile, float* constrained, int substep, bool wrenches)
    {
        var gravity = new Vec3<T>(T.Of(_settings.Gravity.X), T.Of(_settings.Gravity.Y), T.Of(_settings.Gravity.Z));
        var common = new MotionStep<T>(T.Of(_h), T.Of(_substep.Linear), T.Of(_substep.Angular), gravity);
        for (int i = 0; i < _bodies.Length; i++)
        {
            ref readonly var place = ref _bodies[i];
            if (place.Kind == BodyKind.Static) continue;
            var body = new Rows<T>(tile).From(place.First);
            if (place.Kind == BodyKind.Kinematic)
            {
                if (substep > 0) BodyMotion.MovePose(body, in common.H);
            }
            else if (ReadsMasks)
            {
                T held = new Rows<T>(constrained).Scalar(i);
                if (substep > 0) BodyMotion.MovePose(body, Length(held, substep - 1));
                BeginDynamic(body, place.Inertia, OwnStep(held, substep, gravity), wrenches);
            }
            else
            {
                if (substep > 0) BodyMotion.MovePose(body, in common.H);
                BeginDynamic(body, place.Inertia, in common, wrenches);
            }
        }
    }

    /// <summary>Moves poses by the velocities of the last substep.</summary>
    public void End(float* tile, float* constrained)
    {
        for (int i = 0; i < _bodies.Length; i++)
        {
            ref readonly var place = ref _bodies[i];
            if (place.Kind == BodyKind.Static) continue;
            bool own = ReadsMasks && place.Kind == BodyKind.Dynamic;
            BodyMotion.MovePose(new Rows<T>(tile).From(place.First), own ? Length(new Rows<T>(constrained).Scalar(i), _settings.Substeps - 1) : T.Of(_h));
        }
    }

    private void BeginDynamic(Rows<T> body, InertiaKind inertia, in MotionStep<T> step, bool wrenches)
    {
        switch (inertia)
        {
            case InertiaKind.Axial: BodyMotion.TurnAxialInertia(body); break;
            case InertiaKind.Diagonal: BodyMotion.TurnDiagonalInertia(body); break;
            case InertiaKind.Full: BodyMotion.TurnInertia(body); break;
        }
        if (inertia != InertiaKind.Isotropic) Spin(body, in step);
        if (wrenches) BodyMotion.AccelerateUnderWrench(body, in step);
        else BodyMotion.Accelerate(body, in step);
    }

    /// <summary>A body with the same inertia about all axes keeps its angular velocity in every mode.</summary>
    private void Spin(Rows<T> body, in MotionStep<T> step)
    {
        switch (_settings.AngularIntegration)
        {
            case AngularIntegrationMode.ConserveMomentum:
                // The pose has just moved by this angular velocity; before the first substep the same is assumed.
                AngularMomentum.TurnedBack(body, in step.H, out var earlier);
                AngularMomentum.Conserve(body, in earlier);
                break;
            case AngularIntegrationMode.ConserveMomentumWithGyroscopicTorque:
                AngularMomentum.Gyroscopic(body, in step.H);
                break;
        }
    }

    /// <summary>A body that nothing holds takes the whole step in the first substep.</summary>
    private T Length(T held, int substep) => T.Select(held, T.Of(_h), T.Of(substep == 0 ? _settings.Timestep : 0));

    private MotionStep<T> OwnStep(T held, int substep, Vec3<T> gravity)
    {
        float linear = substep == 0 ? _step.Linear : 1, angular = substep == 0 ? _step.Angular : 1;
        return new MotionStep<T>(Length(held, substep), T.Select(held, T.Of(_substep.Linear), T.Of(linear)), T.Select(held, T.Of(_substep.Angular), T.Of(angular)), gravity);
    }

    /// <summary>What damping leaves of velocities after some seconds.</summary>
    private readonly record struct Factors(float Linear, float Angular)
    {
        public static Factors Of(SceneSettings settings, float seconds)
            => new((float)Math.Pow(1 - settings.LinearDamping, seconds), (float)Math.Pow(1 - settings.AngularDamping, seconds));
    }
}
