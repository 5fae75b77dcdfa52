/** Readings to test with: as the service answers them. */

import type { Finding, Reading } from '../../source/service/types';

export function finding(name: string, probability: number, threshold: number, more: Partial<Finding> = {}): Finding {
  return {
    name,
    probability,
    threshold,
    present: probability >= threshold,
    experimental: false,
    side: null,
    zone: null,
    location_certain: false,
    regions: [],
    code: { scheme: 'SCT', value: '1', meaning: name },
    operating_point: {
      rule: 'Youden',
      sensitivity: 0.9,
      sensitivity_interval: [0.8, 0.95],
      specificity: 0.7,
      specificity_interval: [0.6, 0.8],
      data: 'test radiographs',
      sentence: '90 % sensitivity, 70 % specificity on test radiographs',
    },
    heatmap: `/api/instances/1.2.3/heatmaps/${name}`,
    ...more,
  };
}

export function reading(findings: Finding[], more: Partial<Reading> = {}): Reading {
  return {
    reading_id: 7,
    sop_instance_uid: '1.2.3.1',
    series_instance_uid: '1.2.3.20',
    study_instance_uid: '1.2.3.30',
    content_hash: 'sha256:0',
    state: 'read',
    reader: 'stub 1',
    notice: 'AI result, not verified; for review by a radiologist.',
    view: 'PA',
    findings,
    cardiothoracic_ratio: null,
    no_cardiothoracic_ratio: null,
    outlines: null,
    gate: null,
    refusal: null,
    failure: null,
    steps: [],
    timings_ms: {},
    radiograph: null,
    ...more,
  };
}
