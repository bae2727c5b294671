import { fanOut } from './fan-out.js';
import { plot } from './plot.js';
import { publishing } from './publish.js';
import { tail } from './tail.js';

fanOut(document.querySelector('#fan-out'));
publishing(document.querySelector('#publish'));
plot(document.querySelector('#plot'), tail(document.querySelector('#tail')));

document.querySelectorAll('.host').forEach((place) => (place.textContent = location.host));
