// Learning-rate schedules: linear warm-up, then a cosine without restarts (Loshchilov & Hutter 2017, equation 5), or
// warmup-stable-decay (Hu et al. 2024, MiniCPM, section 4) with a linear decay (Hägele et al. 2024, section 3).

export interface Schedule {
  readonly kind: 'cosine' | 'warmup-stable-decay';
  readonly peak: number;
  readonly floor: number;
  readonly warmupSteps: number;
  readonly totalSteps: number;
}

/** Share of a run that warmup-stable-decay spends decaying. */
const DECAY_SHARE = 0.2;

/** The learning rate of a step, counted from 1 to totalSteps: the peak where warm-up ends, the floor at the last step and after. */
export function learningRateAt(schedule: Schedule, step: number): number {
  const { peak, floor, warmupSteps, totalSteps } = schedule;
  if (step <= warmupSteps) return peak * (step / Math.max(1, warmupSteps));
  const decayStart = schedule.kind === 'cosine' ? warmupSteps : Math.max(warmupSteps, totalSteps * (1 - DECAY_SHARE));
  if (step <= decayStart) return peak;
  if (step >= totalSteps) return floor;
  const progress = (step - decayStart) / (totalSteps - decayStart);
  const shape = schedule.kind === 'cosine' ? 0.5 * (1 + Math.cos(Math.PI * progress)) : 1 - progress;
  return floor + (peak - floor) * shape;
}
